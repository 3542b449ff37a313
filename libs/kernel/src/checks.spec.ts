import { describe, expect, it } from '@jest/globals';
import {
  andThen,
  eachOf,
  integerFrom,
  inWords,
  isBoolean,
  isTrue,
  lineOf,
  listOf,
  mapOf,
  matching,
  oneOf,
  optional,
  orNull,
  partsOf,
  passing,
  readerOf,
  recordOf,
  refuseFaulty,
  setOf,
  someOf,
  textOf,
  variantOf,
  type Check,
} from './checks.js';
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

describe('a text', () => {
  it.each(['a', ' a', 'a\nb', '12345'])('may be %j', (value) => expect(isRight(textOf(5), value)).toBe(true));
  it.each(['', ' ', '\n', '123456', 7, ['a'], null])('is not %j', (value) =>
    expect(faults(textOf(5), value)).toEqual(['it is a text of 1 to 5 characters']),
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
    expect([true, false, 'true', undefined].map((value) => isRight(isBoolean, value))).toEqual([true, true, false, false]);
  });
});

describe('a check', () => {
  it('may be of what is left out, or null', () => {
    expect([undefined, null].map((value) => isRight(optional(isTrue), value))).toEqual([true, false]);
    expect([undefined, null].map((value) => isRight(orNull(isBoolean), value))).toEqual([false, true]);
    expect(faults(orNull(isBoolean), 7)).toEqual(['it is true or false, or null']);
    expect(faults(orNull(listOf(isTrue, { max: 1 })), [7])).toEqual(['it[0] is true, or left out']);
  });
  it('may take another one for granted', () => {
    const even = andThen(integerFrom(0, 9), (value: number, field) => (value % 2 === 0 ? [] : [{ field, message: 'is even' }]));
    expect([2, 3, 11].map((value) => faults(even, value))).toEqual([[], ['it is even'], ['it is a whole number from 0 to 9']]);
  });
  it('may be told in other words', () => {
    const pair = inWords(listOf(integerFrom(0, 9), { min: 2, max: 2 }), 'a pair of digits');
    expect([[1, 2], [1, 'x'], 7].map((value) => faults(pair, value))).toEqual([[], ['it is a pair of digits'], ['it is a pair of digits']]);
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
  it('that is a set is told of every fault at once, and what is wrong by itself repeats nothing', () => {
    expect(faults(setOf(oneOf(['a']), { max: 5 }), ['a', 'x', 'x', 'a', 7])).toEqual([
      'it[1] is one of a',
      'it[2] is one of a',
      'it[3] repeats a',
      'it[4] is one of a',
    ]);
    expect(faults(setOf(oneOf(['a']), { max: 1 }), ['a', 'a'])).toEqual(['it is a list of up to 1']);
  });
  it('of records that is a set has each name once', () => {
    const named = (alike?: (text: string) => string) =>
      setOf(recordOf({ name: lineOf(9), size: optional(integerFrom(1, 9)) }), { max: 3, by: 'name', ...(alike && { alike }) });
    expect(faults(named(), [{ name: 'a' }, { name: 'A' }, { name: 'a', size: 0 }])).toEqual([
      'it[2].name repeats a',
      'it[2].size is a whole number from 1 to 9',
    ]);
    expect(faults(named(), [{ name: '' }, { name: '' }, null])).toEqual([
      'it[0].name is a text of 1 to 9 characters on one line, without spaces around it',
      'it[1].name is a text of 1 to 9 characters on one line, without spaces around it',
      'it[2] has name, size',
    ]);
    expect(
      faults(
        named((text) => text.toLowerCase()),
        [{ name: 'A' }, { name: 'a' }],
      ),
    ).toEqual(['it[1].name repeats a']);
    const yes = { yes: true };
    expect(faults(setOf(recordOf({ yes: isTrue }), { max: 2 }), [yes, yes])).toEqual([]);
  });
  it('knows which of its items it looks at', () => {
    const ascending = listOf((value, field, n) => passing((each) => each === n, `${n}`)(value, field), { max: 3 });
    expect(faults(ascending, [0, 1, 1])).toEqual(['it[2] is 2']);
  });
  it('of words may be told as a whole', () => {
    expect([[], ['b', 'a'], ['a', 'a'], ['x'], 'a'].map((value) => isRight(someOf(['a', 'b']), value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([false, true].map((repeats) => isRight(someOf(['a', 'b'], { min: 1, repeats }), []))).toEqual([false, false]);
    expect(isRight(someOf(['a', 'b'], { repeats: true }), ['a', 'a', 'b'])).toBe(true);
    expect(faults(someOf(['a', 'b']), ['a', 'a'])).toEqual(['it is a list of some of a, b, each of them once']);
    expect(faults(someOf(['a'], { min: 1, repeats: true }), ['a', 'x'])).toEqual(['it is a list of some of a']);
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
  it.each([null, [], 'x', 7])('may be told part by part what %j lacks', (value) =>
    expect(faults(partsOf<{ a: string; b?: string }>({ a: oneOf(['x']), b: optional(oneOf(['y'])) }), value)).toEqual(['it.a is one of x']),
  );
  it('may have the same under each name', () => {
    const table = recordOf(eachOf(['a', '__proto__'], isTrue));
    expect(faults(table, JSON.parse('{"a": true, "__proto__": true}'))).toEqual([]);
    expect(faults(table, { a: 7 })).toEqual(['it.a is true, or left out', 'it.__proto__ is true, or left out']);
  });
  it('may have any names that pass', () => {
    const table = mapOf(matching(/^[a-z]$/, 'a letter'), isTrue, { max: 2 });
    expect(faults(table, { a: true, b: true })).toEqual([]);
    expect(faults(table, { A: true, b: 7 })).toEqual(['it.A is a letter', 'it.b is true, or left out']);
    expect([null, [], { a: true, b: true, c: true }].map((value) => faults(table, value))).toEqual(
      Array(3).fill(['it is a table of up to 2']),
    );
  });
  it('may be of one of several shapes', () => {
    const shape = variantOf('kind', { dot: {}, line: { length: integerFrom(1, 9) } });
    expect([{ kind: 'dot' }, { kind: 'line', length: 3 }].map((value) => faults(shape, value))).toEqual([[], []]);
    expect(faults(shape, { kind: 'dot', length: 3 })).toEqual(['it.length is not known here: there is kind']);
    expect(faults(shape, { kind: 'line' })).toEqual(['it.length is a whole number from 1 to 9']);
    expect([null, 'dot', {}, { kind: 'toString' }, { kind: ['dot'] }].map((value) => faults(shape, value))).toEqual(
      Array(5).fill(['it.kind is one of dot, line']),
    );
  });
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
    expect(read({ low: 1, high: 2, tags: undefined })).toEqual({ low: 1, high: 2, tags: [] });
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

it('what has no fault is not refused', () => {
  const faulty =
    (...fields: string[]) =>
    () =>
      refuseFaulty(
        'PAIR_INVALID',
        'No pair',
        fields.map((field) => ({ field, message: 'is wrong' })),
      );
  expect(faulty()).not.toThrow();
  expect(faulty('low', 'high')).toThrow(new InvalidInput('PAIR_INVALID', 'No pair: low is wrong; high is wrong'));
});
