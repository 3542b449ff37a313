import { describe, expect, it } from '@jest/globals';
import { lineOf } from './checks.js';
import { criteriaOf, factsText, faultsOfUnreached, firstRule, RULE_LIMITS, type Criteria } from './criteria.js';

const FACT_OF = { colours: 'colour', sizes: 'size' } as const;
type Criterion = keyof typeof FACT_OF;

const facts = (colour: string | null, size: string | null = null) => ({ colour, size });
const rules = (...all: Criteria<Criterion>[]) => all.map((when) => ({ when }));

describe('the first rule that holds', () => {
  const ordered = rules({ colours: ['red'], sizes: ['big', 'huge'] }, { colours: ['red', 'blue'] }, {});
  it.each([
    ['red', 'huge', 1],
    ['red', 'small', 2],
    ['red', null, 2],
    ['blue', 'big', 2],
    ['Red', 'big', 3],
    [null, null, 3],
  ])('for %j and %j is number %d', (colour, size, number) => {
    expect(firstRule(FACT_OF, ordered, facts(colour, size))).toEqual({ rule: ordered[number - 1], number });
  });
  it('is none where none holds', () => expect(firstRule(FACT_OF, ordered.slice(0, 2), facts('green'))).toBeUndefined());
});

it('facts are said in words, those that are known', () => {
  expect(factsText(facts('red', 'big'))).toBe('colour red, size big');
  expect(factsText(facts('red', 'big'), ['size'])).toBe('size big');
  expect(factsText(facts(null))).toBe('');
});

describe('criteria', () => {
  const faults = (value: unknown) =>
    criteriaOf<Criterion>({ colours: lineOf(5), sizes: lineOf(5) })(value, 'when').map(({ field }) => field);
  it('are those that there are, each with values', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ colours: ['red', 'blue'] })).toEqual([]);
    expect(faults({ colours: [], shapes: ['round'], sizes: ['big', 'big'] })).toEqual(['when.shapes', 'when.colours', 'when.sizes[1]']);
    expect(faults({ colours: 'red' })).toEqual(['when.colours']);
    expect(faults({ colours: Array.from({ length: RULE_LIMITS.values + 1 }, (_, n) => `c${n}`) })).toEqual(['when.colours']);
  });

  it('that an earlier rule takes all of are never reached', () => {
    const unreached = (...all: Criteria<Criterion>[]) => faultsOfUnreached('rules', rules(...all)).map(({ field }) => field);
    expect(unreached({}, { colours: ['red'] })).toEqual(['rules[1]']);
    expect(unreached({ colours: ['red', 'blue'] }, { colours: ['blue'], sizes: ['big'] })).toEqual(['rules[1]']);
    expect(unreached({ colours: ['red'] }, { colours: ['red'] }, {})).toEqual(['rules[1]']);
    expect(unreached({ colours: ['blue'], sizes: ['big'] }, { colours: ['blue'] }, { sizes: ['big'] }, {})).toEqual([]);
    expect(unreached({ colours: ['red'] }, { colours: ['red', 'blue'] })).toEqual([]);
  });
});
