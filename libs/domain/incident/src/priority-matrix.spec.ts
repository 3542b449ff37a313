import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '#kernel';
import { faultyFields } from '#testing';
import { DEFAULT_PRIORITY_MATRIX, parsePriorityMatrix, priorityOf } from './priority-matrix.js';
import type { Risk } from './vocabulary.js';

const faultsOf = (input: unknown): string[] => faultyFields('PRIORITY_MATRIX_INVALID', () => parsePriorityMatrix(input));

describe('priorityOf', () => {
  it.each([
    ['high', 'high', [], 'P1'],
    ['high', 'medium', [], 'P2'],
    ['medium', 'high', [], 'P2'],
    ['medium', 'medium', [], 'P3'],
    ['low', 'low', [], 'P4'],
    ['low', 'low', ['security'], 'P3'],
    ['low', 'low', ['security', 'compliance', 'financial'], 'P3'],
    ['high', 'high', ['security'], 'P1'],
  ] as [string, string, Risk[], string][])('of impact %s, urgency %s and risks %j is %s', (impact, urgency, risks, priority) =>
    expect(priorityOf(DEFAULT_PRIORITY_MATRIX, impact, urgency, risks)).toBe(priority),
  );

  it('is raised by what raises most', () => {
    const strict = { ...DEFAULT_PRIORITY_MATRIX, raises: { financial: 1, security: 2, compliance: 0 } };
    expect(priorityOf(strict, 'low', 'low', ['financial', 'security'])).toBe('P2');
    expect(priorityOf(strict, 'low', 'low', ['compliance'])).toBe('P4');
  });
  it.each(['__proto__', 'constructor', 'High', ''])('of impact %j is none', (impact) =>
    expect(() => priorityOf(DEFAULT_PRIORITY_MATRIX, impact, 'high')).toThrow(InvalidInput),
  );
});

describe('parsePriorityMatrix', () => {
  const { raises: _, ...withoutRaises } = DEFAULT_PRIORITY_MATRIX;

  it('takes the default one', () => expect(parsePriorityMatrix(DEFAULT_PRIORITY_MATRIX)).toEqual(DEFAULT_PRIORITY_MATRIX));
  it('raises by one level where nothing is said', () => expect(parsePriorityMatrix(withoutRaises)).toEqual(DEFAULT_PRIORITY_MATRIX));
  it('keeps a copy of its own', () => {
    const input = { ...DEFAULT_PRIORITY_MATRIX, impacts: [...DEFAULT_PRIORITY_MATRIX.impacts] };
    const matrix = parsePriorityMatrix(input);
    input.impacts.length = 0;
    expect(matrix.impacts).toHaveLength(3);
  });
  it.each([null, [], 'P1', 7, {}])('lists everything that %j lacks', (input) =>
    expect(faultsOf(input)).toEqual(['version', 'impacts', 'urgencies', 'priorities']),
  );
  it('takes two to nine levels, each once', () => {
    const levels = (count: number) => Array.from({ length: count }, (_level, n) => `L${n}`);
    expect(faultsOf({ ...DEFAULT_PRIORITY_MATRIX, impacts: levels(1), urgencies: levels(10) })).toEqual(['impacts', 'urgencies']);
    expect(faultsOf({ ...DEFAULT_PRIORITY_MATRIX, priorities: ['P1', 'P2', 'P2', ''] })).toEqual(['priorities[2]', 'priorities[3]']);
  });
  it('names every faulty cell at once', () => {
    const cells = { high: { high: 'P1', medium: 'P9', low: 'P3', never: 'P4' }, medium: 'P2', lower: {} };
    expect(faultsOf({ ...DEFAULT_PRIORITY_MATRIX, cells })).toEqual([
      'cells.lower',
      'cells.high.never',
      'cells.high.medium',
      'cells.medium',
      'cells.low',
    ]);
  });
  it('notices levels in the wrong order', () =>
    expect(faultsOf({ ...DEFAULT_PRIORITY_MATRIX, priorities: ['P4', 'P3', 'P2', 'P1'] })).toContain('cells.high.high'));
  it('knows how much a risk may raise', () => {
    const raises = { financial: -1, security: 0.5, privacy: 1 };
    expect(faultsOf({ ...DEFAULT_PRIORITY_MATRIX, raises })).toEqual([
      'raises.privacy',
      'raises.financial',
      'raises.security',
      'raises.compliance',
    ]);
  });
  it('has nothing beside', () => expect(faultsOf({ ...DEFAULT_PRIORITY_MATRIX, matrix: [] })).toEqual(['matrix']));
});
