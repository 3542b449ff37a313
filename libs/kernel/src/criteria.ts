import { listOf, optional, recordOf, setOf, type Check, type Fields } from './checks.js';
import type { FieldFault } from './errors.js';

/** What a rule asks: for each criterion that it names, one of these values, letter by letter. One that names none holds for everything. */
export type Criteria<Criterion extends string> = Readonly<Partial<Record<Criterion, readonly string[]>>>;

/** A rule among others, in order: the first one that holds decides. */
export type OrderedRule<Criterion extends string> = Readonly<{ when: Criteria<Criterion> }>;

/** What is known of something; `null` where it is not, which no criterion takes. */
export type Facts<Fact extends string> = Readonly<Record<Fact, string | null>>;

/** The fact that each criterion is about: `categories` are about the `category`. */
export type FactOf<Criterion extends string, Fact extends string> = Readonly<Record<Criterion, Fact>>;

/** Most values of one criterion, and most rules of one list. */
export const RULE_LIMITS = { values: 100, rules: 200 } as const;

const entriesOf = <Criterion extends string>(when: Criteria<Criterion>) => Object.entries(when) as [Criterion, readonly string[]][];

/** The first rule that holds for these facts, and its number, from 1; `undefined` where none does. */
export const firstRule = <Criterion extends string, Fact extends string, Rule extends OrderedRule<Criterion>>(
  factOf: FactOf<Criterion, Fact>,
  rules: readonly Rule[],
  facts: Facts<NoInfer<Fact>>,
): Readonly<{ rule: Rule; number: number }> | undefined => {
  const holds = ({ when }: Rule) => entriesOf(when).every(([criterion, values]) => values.includes(facts[factOf[criterion]] as string));
  const n = rules.findIndex(holds);
  return n < 0 ? undefined : { rule: rules[n] as Rule, number: n + 1 };
};

/** What is known of these facts, in words: `category Network, priority P1`; empty where nothing is. */
export const factsText = <Fact extends string>(facts: Facts<Fact>, names = Object.keys(facts) as Fact[]): string =>
  names.flatMap((fact) => (facts[fact] === null ? [] : [`${fact} ${facts[fact]}`])).join(', ');

/** Criteria, each of values that pass its own check. */
export const criteriaOf = <Criterion extends string>(values: Readonly<Record<Criterion, Check>>): Check =>
  recordOf(
    Object.fromEntries(
      Object.entries<Check>(values).map(([criterion, value]) => [criterion, optional(setOf(value, { min: 1, max: RULE_LIMITS.values }))]),
    ) as Fields<Criteria<Criterion>>,
  );

/** A list of rules: their fields, and among them `when`. */
export const rulesOf = <Rule>(fields: Fields<Rule>): Check => listOf(recordOf(fields), { max: RULE_LIMITS.rules });

/** Whatever `later` holds for, `earlier` holds for too. */
const covers = <Criterion extends string>(earlier: Criteria<Criterion>, later: Criteria<Criterion>): boolean =>
  entriesOf(earlier).every(([criterion, values]) => later[criterion]?.every((value) => values.includes(value)) ?? false);

/** Rules that no one ever comes to, because one before them takes all that they would. */
export const faultsOfUnreached = <Criterion extends string>(field: string, rules: readonly OrderedRule<Criterion>[]): FieldFault[] =>
  rules.flatMap(({ when }, n) => {
    const before = rules.slice(0, n).findIndex((earlier) => covers(earlier.when, when));
    return before < 0 ? [] : [{ field: `${field}[${n}]`, message: `is never reached: ${field}[${before}] takes all that it would` }];
  });
