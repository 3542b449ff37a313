import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '#kernel';
import { DEFAULT_PRIORITY_MATRIX } from '#incident';
import { checkCategory } from './category.js';
import { DEFAULT_PRIORITY_POLICY } from './default-priority-policy.js';
import { DEFAULT_TAXONOMY } from './default-taxonomy.js';
import { derivePriority, matrixOf, parsePriorityPolicy, type PriorityFacts } from './priority-policy.js';

const { version: _, ...matrix } = DEFAULT_PRIORITY_MATRIX;
const version = (definition: unknown) => ({
  version: 3,
  effectiveFrom: '2026-01-01T00:00:00Z',
  definition: parsePriorityPolicy(definition),
});
const RATED: PriorityFacts = {
  impact: 'low',
  urgency: 'low',
  risks: [],
  criticality: null,
  dataClassification: null,
  category: null,
  subcategory: null,
};

describe('a derived priority', () => {
  const policy = version({
    matrix: { ...matrix, raises: { financial: 1, security: 2, compliance: 1 } },
    riskRules: [
      { id: 'patients', when: { dataClassifications: ['health'], categories: ['Security'] }, risks: ['security', 'compliance'] },
      { id: 'money', when: { dataClassifications: ['payment', 'health'] }, risks: ['financial'] },
    ],
  });
  const derived = (more: Partial<PriorityFacts>) => derivePriority(policy, { ...RATED, ...more });
  const same = { impact: 'low', urgency: 'low', matrixVersion: 'priority-policy@3' };

  it('is the matrix’s where no rule holds', () => {
    expect(derived({})).toEqual({ ...same, priority: 'P4', risks: [], rule: null });
    expect(derived({ impact: 'high', urgency: 'high', dataClassification: 'none' })).toMatchObject({ priority: 'P1', rule: null });
  });
  it('is raised by the first rule that holds, and names it', () => {
    expect(derived({ dataClassification: 'health', category: 'Security' })).toEqual({
      ...same,
      priority: 'P2',
      risks: ['security', 'compliance'],
      rule: 'patients',
    });
    expect(derived({ dataClassification: 'health' })).toEqual({ ...same, priority: 'P3', risks: ['financial'], rule: 'money' });
  });
  it('keeps the risks that somebody said, each once', () => {
    expect(derived({ risks: ['compliance', 'financial'], dataClassification: 'payment' })).toEqual({
      ...same,
      priority: 'P3',
      risks: ['financial', 'compliance'],
      rule: 'money',
    });
    expect(derived({ risks: ['security'] })).toEqual({ ...same, priority: 'P2', risks: ['security'], rule: null });
  });
  it('is of levels that there are', () => expect(() => derived({ impact: 'huge' })).toThrow('impact is one of high, medium, low'));
  it('is rated by the matrix that incidents name', () =>
    expect(matrixOf(policy)).toMatchObject({ ...matrix, version: 'priority-policy@3', raises: { security: 2 } }));
});

describe('a priority policy', () => {
  const faultsOf = (more: object): string[] => {
    try {
      parsePriorityPolicy({ ...DEFAULT_PRIORITY_POLICY, ...more });
    } catch (error) {
      if (error instanceof InvalidInput && error.code === 'PRIORITY_POLICY_INVALID') return error.faults.map(({ field }) => field);
      throw error;
    }
    return [];
  };
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
