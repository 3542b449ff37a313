import { describe, expect, it } from '@jest/globals';
import { lineOf } from './checks.js';
import { conditionsOn, factsText, faultsOfUnreached, firstRule, type Conditions } from './conditions.js';

type Fact = 'colour' | 'size';
const facts = (colour: string | null, size: string | null = null) => ({ colour, size });
const rules = (...all: Conditions<Fact>[]) => all.map((when) => ({ when }));

describe('the first rule that holds', () => {
  const ordered = rules({ colour: ['red'], size: ['big', 'huge'] }, { colour: ['red', 'blue'] }, {});
  it.each([
    ['red', 'huge', 1],
    ['red', 'small', 2],
    ['red', null, 2],
    ['blue', 'big', 2],
    ['Red', 'big', 3],
    [null, null, 3],
  ])('for %j and %j is number %d', (colour, size, number) => {
    expect(firstRule(ordered, facts(colour, size))).toEqual({ rule: ordered[number - 1], number });
  });
  it('is none where none holds', () => expect(firstRule(ordered.slice(0, 2), facts('green'))).toBeUndefined());
});

it('facts are said in words, those that are known', () => {
  expect(factsText(facts('red', 'big'))).toBe('colour red, size big');
  expect(factsText(facts('red', 'big'), ['size'])).toBe('size big');
  expect(factsText(facts(null))).toBe('');
});

describe('conditions', () => {
  const faults = (value: unknown) => conditionsOn<Fact>({ colour: lineOf(5), size: lineOf(5) })(value, 'when').map(({ field }) => field);
  it('are on facts that there are, each with values', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ colour: ['red', 'blue'] })).toEqual([]);
    expect(faults({ colour: [], shape: ['round'], size: ['big', 'big'] })).toEqual(['when.shape', 'when.colour', 'when.size[1]']);
    expect(faults({ colour: 'red' })).toEqual(['when.colour']);
  });

  it('that an earlier rule takes all of are never reached', () => {
    const unreached = (...all: Conditions<Fact>[]) => faultsOfUnreached('rules', rules(...all)).map(({ field }) => field);
    expect(unreached({}, { colour: ['red'] })).toEqual(['rules[1]']);
    expect(unreached({ colour: ['red', 'blue'] }, { colour: ['blue'], size: ['big'] })).toEqual(['rules[1]']);
    expect(unreached({ colour: ['red'] }, { colour: ['red'] }, {})).toEqual(['rules[1]']);
    expect(unreached({ colour: ['blue'], size: ['big'] }, { colour: ['blue'] }, { size: ['big'] }, {})).toEqual([]);
    expect(unreached({ colour: ['red'] }, { colour: ['red', 'blue'] })).toEqual([]);
  });
});
