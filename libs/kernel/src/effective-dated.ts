import { matching } from './checks.js';
import type { Decider } from './decider.js';
import { IllegalTransition, InvalidInput, NotFound } from './errors.js';
import type { Event } from './event.js';
import { canonicalJson } from './identity.js';

/** The id of what a site has one of: its taxonomy, its assignment rules. */
export const SITE_ID = 'site';

/** The id of something that a site defines. */
export const DEFINITION_ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** One that a definition refers to. */
export const definitionId = matching(DEFINITION_ID_PATTERN, 'an id of up to 63 lower-case letters, digits and hyphens');

/** One version of a definition: what it says, and from when on it holds. ISO 8601, UTC. */
export type Version<Definition> = Readonly<{ version: number; effectiveFrom: string; definition: Definition }>;

/**
 * What happens to something that a site defines: a calendar, a policy, a team. `Noun` names it: `CalendarDefined`, `CalendarRetired`.
 * A change is a new version that holds from an instant on; what it was before stays as it was.
 */
export type DefinitionEvent<Noun extends string, Definition> =
  | Event<`${Noun}Defined`, { id: string; version: number; effectiveFrom: string; definition: Definition; reason?: string }>
  | Event<`${Noun}Retired`, { id: string; effectiveFrom: string; reason: string }>;

/** A version was the last one in use, until then: ISO 8601, UTC. */
export type Retirement = Readonly<{ version: number; effectiveFrom: string }>;

/** Everything a site has ever said of one thing, oldest first. */
export type EffectiveDated<Definition> = Readonly<{ versions: readonly Version<Definition>[]; retirements: readonly Retirement[] }>;

/** What `define` is given. */
export type Define<Definition> = Readonly<{
  id: string;
  definition: Definition;
  /** From when it holds; `now` where nothing is said. The first version may hold from any instant of the past on. */
  effectiveFrom?: string;
  reason?: string;
  now: string;
}>;

export type Retire = Readonly<{ id: string; effectiveFrom?: string; reason: string; now: string }>;

/** The rules and the memory of one kind of definition. */
export type EffectiveDatedKind<Noun extends string, Definition> = Readonly<{
  noun: Noun;
  decider: Decider<EffectiveDated<Definition>, DefinitionEvent<Noun, Definition>>;
  /**
   * Says what holds from an instant on. What was judged before stays judged: only the first version may reach back into the past.
   * @throws InvalidInput EFFECTIVE_IN_PAST, EFFECTIVE_BEFORE_LATEST
   */
  define: (command: Define<Definition>, state: EffectiveDated<Definition>) => DefinitionEvent<Noun, Definition>[];
  /**
   * Takes it out of use from an instant on. Defined again, it is in use again.
   * @throws NotFound DEFINITION_NOT_FOUND; IllegalTransition DEFINITION_RETIRED; InvalidInput EFFECTIVE_IN_PAST, EFFECTIVE_BEFORE_LATEST
   */
  retire: (command: Retire, state: EffectiveDated<Definition>) => DefinitionEvent<Noun, Definition>[];
}>;

/** By how much the clocks of those who ask may lag behind ours, in milliseconds: what they mean to hold "from now on" holds. */
const CLOCK_SKEW_MS = 60_000;

const isBefore = (instant: string, other: string): boolean => Date.parse(instant) < Date.parse(other);

const faultyInstant = (code: string, message: string) =>
  new InvalidInput(code, `effectiveFrom: ${message}`, [{ field: 'effectiveFrom', message }]);

const notInPast = (effectiveFrom: string, now: string): void => {
  if (Date.parse(effectiveFrom) < Date.parse(now) - CLOCK_SKEW_MS) {
    throw faultyInstant('EFFECTIVE_IN_PAST', `must not be before now (${now}): what was judged stays judged`);
  }
};

const notBefore = (effectiveFrom: string, latest: string | undefined): void => {
  if (latest !== undefined && isBefore(effectiveFrom, latest)) {
    throw faultyInstant('EFFECTIVE_BEFORE_LATEST', `must not be before the latest version's (${latest})`);
  }
};

/** The last version said so far, whether it holds already or not. */
export const latestVersion = <Definition>({ versions }: EffectiveDated<Definition>): Version<Definition> | undefined => versions.at(-1);

/** From when on a version is the last one in use; `undefined` where another one follows it, or it is in use for good. */
const retirementOf = <Definition>({ retirements }: EffectiveDated<Definition>, version: number): Retirement | undefined =>
  retirements.find((retirement) => retirement.version === version);

/** From when on it is out of use; `undefined` where it is not retired. */
export const retiredFrom = <Definition>(state: EffectiveDated<Definition>): string | undefined =>
  retirementOf(state, latestVersion(state)?.version ?? 0)?.effectiveFrom;

/**
 * The version that holds at an instant; `undefined` before the first one holds, and while it is out of use. Of versions that hold from the
 * same instant on, the last one said.
 */
export const versionAt = <Definition>(state: EffectiveDated<Definition>, instant: string): Version<Definition> | undefined => {
  const found = state.versions.findLast(({ effectiveFrom }) => !isBefore(instant, effectiveFrom));
  const retirement = found && retirementOf(state, found.version);
  return retirement && !isBefore(instant, retirement.effectiveFrom) ? undefined : found;
};

/** Makes the rules of one kind of definition; every kind has the same. */
export const effectiveDated = <Noun extends string, Definition>(noun: Noun): EffectiveDatedKind<Noun, Definition> => {
  type Kind = EffectiveDatedKind<Noun, Definition>;
  type State = EffectiveDated<Definition>;
  const initialState: State = { versions: [], retirements: [] };

  const evolve = (state: State, { type, data }: DefinitionEvent<Noun, Definition>): State => {
    if (type === `${noun}Retired`) {
      const retirement = { version: latestVersion(state)?.version ?? 0, effectiveFrom: data.effectiveFrom };
      return { ...state, retirements: [...state.retirements, retirement] };
    }
    const { version, effectiveFrom, definition } = data as Version<Definition>;
    return { ...state, versions: [...state.versions, { version, effectiveFrom, definition }] };
  };

  const define: Kind['define'] = ({ id, definition, effectiveFrom, reason, now }, state) => {
    const latest = latestVersion(state);
    const from = effectiveFrom ?? (latest && isBefore(now, latest.effectiveFrom) ? latest.effectiveFrom : now);
    const isAsItWas = latest && retiredFrom(state) === undefined && canonicalJson(latest.definition) === canonicalJson(definition);
    if (isAsItWas && (effectiveFrom === undefined || !isBefore(effectiveFrom, latest.effectiveFrom))) return [];
    if (latest) notInPast(from, now);
    notBefore(from, latest?.effectiveFrom);
    const data = { id, version: (latest?.version ?? 0) + 1, effectiveFrom: from, definition, ...(reason !== undefined && { reason }) };
    return [{ type: `${noun}Defined`, data } as unknown as DefinitionEvent<Noun, Definition>];
  };

  const retire: Kind['retire'] = ({ id, effectiveFrom, reason, now }, state) => {
    const latest = latestVersion(state);
    if (!latest) throw new NotFound('DEFINITION_NOT_FOUND', 'Nothing is defined under that name');
    const since = retiredFrom(state);
    if (since !== undefined) {
      throw new IllegalTransition('DEFINITION_RETIRED', `It is out of use from ${since} on; defined again, it is in use again`);
    }
    const from = effectiveFrom ?? (isBefore(now, latest.effectiveFrom) ? latest.effectiveFrom : now);
    notInPast(from, now);
    notBefore(from, latest.effectiveFrom);
    return [{ type: `${noun}Retired`, data: { id, effectiveFrom: from, reason } } as unknown as DefinitionEvent<Noun, Definition>];
  };

  return { noun, decider: { initialState, evolve }, define, retire };
};
