import { listOf, optional, recordOf, setOf, type Check, type Fields } from './checks.js';
import type { FieldFault } from './errors.js';

/** What a rule asks: for each fact that it names, one of these values, letter by letter. One that names none holds for everything. */
export type Conditions<Fact extends string> = Readonly<Partial<Record<Fact, readonly string[]>>>;

/** What is known of something; `null` where it is not, which no condition on that fact takes. */
export type Facts<Fact extends string> = Readonly<Record<Fact, string | null>>;

/** A rule among others, in order: the first one whose conditions hold decides. */
export type ConditionalRule<Fact extends string> = Readonly<{ when: Conditions<Fact> }>;

/** Most values of one condition, and most rules of one list. */
export const RULE_LIMITS = { values: 100, rules: 200 } as const;

const entriesOf = <Fact extends string>(conditions: Conditions<Fact>) => Object.entries(conditions) as [Fact, readonly string[]][];

const holds = <Fact extends string>({ when }: ConditionalRule<Fact>, facts: Facts<Fact>): boolean =>
  entriesOf(when).every(([fact, values]) => values.includes(facts[fact] as string));

/** The first rule whose conditions hold, and its number, from 1. */
export const firstRule = <Fact extends string, Rule extends ConditionalRule<Fact>>(
  rules: readonly Rule[],
  facts: Facts<Fact>,
): Readonly<{ rule: Rule; number: number }> | undefined => {
  const n = rules.findIndex((rule) => holds(rule, facts));
  return n < 0 ? undefined : { rule: rules[n] as Rule, number: n + 1 };
};

/** What is known of these facts, in words: `category Network, priority P1`; empty where nothing is. */
export const factsText = <Fact extends string>(facts: Facts<Fact>, names = Object.keys(facts) as Fact[]): string =>
  names.flatMap((fact) => (facts[fact] === null ? [] : [`${fact} ${facts[fact]}`])).join(', ');

/** Conditions on these facts, whose values pass the fact's own check. */
export const conditionsOn = <Fact extends string>(values: Readonly<Record<Fact, Check>>): Check =>
  recordOf(
    Object.fromEntries(
      Object.entries<Check>(values).map(([fact, value]) => [fact, optional(setOf(value, { min: 1, max: RULE_LIMITS.values }))]),
    ) as Fields<Conditions<Fact>>,
  );

/** A list of rules: their fields, and among them `when`. */
export const rulesOf = <Rule>(fields: Fields<Rule>): Check => listOf(recordOf(fields), { max: RULE_LIMITS.rules });

/** Whatever `later` holds for, `earlier` holds for too. */
const covers = <Fact extends string>(earlier: Conditions<Fact>, later: Conditions<Fact>): boolean =>
  entriesOf(earlier).every(([fact, values]) => later[fact]?.every((value) => values.includes(value)) ?? false);

/** Rules that no one ever comes to, because one before them takes all that they would. */
export const faultsOfUnreached = <Fact extends string>(field: string, rules: readonly ConditionalRule<Fact>[]): FieldFault[] =>
  rules.flatMap(({ when }, n) => {
    const before = rules.slice(0, n).findIndex((earlier) => covers(earlier.when, when));
    return before < 0 ? [] : [{ field: `${field}[${n}]`, message: `is never reached: ${field}[${before}] takes all that it would` }];
  });
