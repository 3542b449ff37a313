import { describe, expect, it } from '@jest/globals';
import { integerFrom, isTrue, lineOf, listOf, matching, oneOf, optional, readerOf, recordOf, setOf, type Check } from './checks.js';
import { InvalidInput } from './errors.js';

const faults = (check: Check, value: unknown) => check(value, 'it').map(({ field, message }) => `${field} ${message}`);
const isRight = (check: Check, value: unknown) => faults(check, value).length === 0;

describe('a line of text', () => {
  const line = lineOf(5);
  it.each(['a', 'a b', 'größe', '12345'])('may be %j', (value) => expect(isRight(line, value)).toBe(true));
  it.each(['', ' ', ' a', 'a ', 'a\nb', '\u0007', '123456', 7, null, undefined])('is not %j', (value) =>
    expect(isRight(line, value)).toBe(false),
  );
});

describe('a number', () => {
  it.each([
    [1, true],
    [9, true],
    [0, false],
    [10, false],
    [1.5, false],
    ['1', false],
    [NaN, false],
  ])('%j from 1 to 9: %j', (value, right) => expect(isRight(integerFrom(1, 9), value)).toBe(right));
});

describe('words', () => {
  it('are one of those there are, or of a pattern', () => {
    expect(isRight(oneOf(['a', 'b']), 'b')).toBe(true);
    expect(faults(oneOf(['a', 'b']), 'c')).toEqual(['it is one of a, b']);
    expect(isRight(matching(/^x+$/, 'many x'), 'xxx')).toBe(true);
    expect(faults(matching(/^x+$/, 'many x'), ['xxx'])).toEqual(['it is many x']);
    expect([true, false, 'true', undefined].map((value) => isRight(isTrue, value))).toEqual([true, false, false, false]);
  });
});

describe('a list', () => {
  it('has so many items, each of them right', () => {
    expect(faults(listOf(oneOf(['a']), { max: 2 }), ['a', 'b'])).toEqual(['it[1] is one of a']);
    expect(faults(listOf(oneOf(['a']), { max: 2 }), ['a', 'a', 'a'])).toEqual(['it is a list of up to 2']);
    expect(faults(listOf(oneOf(['a']), { min: 1, max: 2 }), [])).toEqual(['it is a list of 1 to 2']);
    expect(faults(listOf(oneOf(['a']), { max: 2 }), { length: 1 })).toEqual(['it is a list of up to 2']);
  });
  it('that is a set has each once', () => {
    expect(faults(listOf(oneOf(['a']), { max: 2 }), ['a', 'a'])).toEqual([]);
    expect(faults(setOf(oneOf(['a', 'b']), { max: 4 }), ['a', 'b', 'a'])).toEqual(['it[2] repeats a']);
  });
});

describe('a record', () => {
  const check = recordOf<{ a: string; b?: string }>({ a: oneOf(['x']), b: optional(oneOf(['y'])) });
  it('has its fields and no others', () => {
    expect(faults(check, { a: 'x' })).toEqual([]);
    expect(faults(check, { b: 'x', c: 1 })).toEqual(['it.c is not known here: there is a, b', 'it.a is one of x', 'it.b is one of y']);
    expect(faults(check, JSON.parse('{"a": "x", "__proto__": {}}'))).toEqual(['it.__proto__ is not known here: there is a, b']);
    expect(faults(recordOf({ constructor: optional(isTrue) }), {})).toEqual([]);
  });
  it.each([null, [], 'x', 7])('is not %j', (value) => expect(faults(check, value)).toEqual(['it has a, b']));
});

describe('reading a definition', () => {
  type Pair = { low: number; high: number; tags: readonly string[] };
  const read = readerOf<Pair>({
    code: 'PAIR_INVALID',
    noun: 'pair',
    fields: { low: integerFrom(0, 9), high: integerFrom(0, 9), tags: listOf(lineOf(9), { max: 2 }) },
    defaults: { tags: [] },
    together: ({ low, high }) => (low <= high ? [] : [{ field: 'high', message: 'is not below low' }]),
  });
  const refusal = (input: unknown) => {
    try {
      return read(input);
    } catch (error) {
      if (error instanceof InvalidInput) return [error.code, error.message];
      throw error;
    }
  };

  it('answers with a copy, and with what stands where nothing is said', () => {
    const tags = ['a'];
    const pair = read({ low: 1, high: 2, tags });
    tags.push('b');
    expect(pair).toEqual({ low: 1, high: 2, tags: ['a'] });
    expect(read({ low: 1, high: 2 })).toEqual({ low: 1, high: 2, tags: [] });
  });
  it('says everything that is wrong at once', () => {
    expect(refusal({ low: -1, height: 2 })).toEqual([
      'PAIR_INVALID',
      'This is no pair: height is not known here: there is low, high, tags; low is a whole number from 0 to 9; high is a whole number from 0 to 9',
    ]);
  });
  it('asks what the parts are to each other once each is right', () => {
    expect(refusal({ low: 5, high: 2 })).toEqual(['PAIR_INVALID', 'This is no pair: high is not below low']);
    expect(refusal({ low: 5, high: -2 })).toEqual(['PAIR_INVALID', 'This is no pair: high is a whole number from 0 to 9']);
  });
  it.each([null, [], 'x', undefined])('takes %j for one that lacks everything', (input) =>
    expect(refusal(input)?.toString()).toContain('low is a whole number'),
  );
});
