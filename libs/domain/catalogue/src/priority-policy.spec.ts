import { describe, expect, it } from '@jest/globals';
import { DEFAULT_PRIORITY_MATRIX } from '#domain/incident';
import { faultyFields } from '#testing';
import { checkCategory } from './category.js';
import { DEFAULT_PRIORITY_POLICY } from './default-priority-policy.js';
import { DEFAULT_TAXONOMY } from './default-taxonomy.js';
import { matrixOf, parsePriorityPolicy, risksBy } from './priority-policy.js';

const { version: _, ...matrix } = DEFAULT_PRIORITY_MATRIX;
const version = (definition: unknown) => ({
  version: 3,
  effectiveFrom: '2026-01-01T00:00:00Z',
  definition: parsePriorityPolicy(definition),
});
const NOTHING_KNOWN = { criticality: null, dataClassification: null, category: null, subcategory: null };

describe('what is at risk', () => {
  const policy = version({
    matrix: { ...matrix, raises: { financial: 1, security: 2, compliance: 1 } },
    riskRules: [
      { id: 'patients', when: { dataClassifications: ['health'], categories: ['Security'] }, risks: ['security', 'compliance'] },
      { id: 'money', when: { dataClassifications: ['payment', 'health'] }, risks: ['financial'] },
    ],
  });
  const atRisk = (more: Partial<typeof NOTHING_KNOWN> | object) => risksBy(policy, { ...NOTHING_KNOWN, ...more });

  it('is nothing where no rule holds', () => {
    expect(atRisk({})).toEqual({ risks: [], rule: null });
    expect(atRisk({ dataClassification: 'none' })).toEqual({ risks: [], rule: null });
  });
  it('is what the first rule says that holds, and names it', () => {
    expect(atRisk({ dataClassification: 'health', category: 'Security' })).toEqual({ risks: ['security', 'compliance'], rule: 'patients' });
    expect(atRisk({ dataClassification: 'health' })).toEqual({ risks: ['financial'], rule: 'money' });
  });
  it('raises by the matrix that incidents name', () =>
    expect(matrixOf(policy)).toMatchObject({ ...matrix, version: 'priority-policy@3', raises: { security: 2 } }));
});

describe('a priority policy', () => {
  const faultsOf = (more: object): string[] =>
    faultyFields('PRIORITY_POLICY_INVALID', () => parsePriorityPolicy({ ...DEFAULT_PRIORITY_POLICY, ...more }));
  const rule = { id: 'critical', when: { criticalities: ['critical'] }, risks: ['financial'] };

  it('by default is a policy, whose categories are those of the default taxonomy', () => {
    expect(parsePriorityPolicy(DEFAULT_PRIORITY_POLICY)).toEqual(DEFAULT_PRIORITY_POLICY);
    for (const { when } of DEFAULT_PRIORITY_POLICY.riskRules) {
      for (const category of when.categories ?? []) checkCategory(DEFAULT_TAXONOMY, category, null);
    }
  });
  it('may say as little as its matrix', () => {
    const { raises: _, ...cells } = matrix;
    expect(parsePriorityPolicy({ matrix: cells })).toEqual({ matrix, riskRules: [] });
  });
  it.each([
    [{ matrix: undefined }, ['matrix.impacts', 'matrix.urgencies', 'matrix.priorities']],
    [{ matrix: { ...matrix, version: 'mine' } }, ['matrix.version']],
    [{ matrix: { ...matrix, raises: { ...matrix.raises, security: -1 } } }, ['matrix.raises.security']],
    [{ riskRules: [{ ...rule, id: 'Critical!' }] }, ['riskRules[0].id']],
    [{ riskRules: [rule, { ...rule, when: {} }] }, ['riskRules[1].id']],
    [{ riskRules: [rule, { ...rule, id: 'again' }] }, ['riskRules[1]']],
    [
      { riskRules: [{ ...rule, when: { criticalities: ['dire'], colour: ['red'] } }] },
      ['riskRules[0].when.colour', 'riskRules[0].when.criticalities[0]'],
    ],
    [{ riskRules: [{ ...rule, risks: [] }] }, ['riskRules[0].risks']],
    [{ riskRules: [{ ...rule, risks: ['fire'] }] }, ['riskRules[0].risks[0]']],
    [{ colour: 'red' }, ['colour']],
  ])('%j is told what is wrong with it', (more, expected) => expect(faultsOf(more)).toEqual(expected));
});
