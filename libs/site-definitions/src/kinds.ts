import type { Decider, Define, EffectiveDated, EffectiveDatedKind, Event, EventCatalogue, Retire } from '#kernel';
import { CALENDAR_STREAM_PREFIX, calendarCatalogue, calendars, parseBusinessCalendar, type BusinessCalendar } from '#calendars';
import { CLOSURE_POLICY_STREAM_PREFIX, closurePolicies, closurePolicyCatalogue, parseClosurePolicy, type ClosurePolicy } from '#closure';
import {
  ESCALATION_POLICY_STREAM_PREFIX,
  escalationPolicies,
  escalationPolicyCatalogue,
  parseEscalationPolicy,
  type EscalationPolicy,
} from '#escalation';
import {
  MAJOR_INCIDENT_POLICY_STREAM_PREFIX,
  majorIncidentPolicies,
  majorIncidentPolicyCatalogue,
  parseMajorIncidentPolicy,
  type MajorIncidentPolicy,
} from '#major-incidents';
import {
  parseServiceLevelPolicy,
  SERVICE_LEVEL_POLICY_STREAM_PREFIX,
  serviceLevelPolicies,
  serviceLevelPolicyCatalogue,
  type ServiceLevelPolicy,
} from '#service-levels';

/** What a definition names and takes for granted: another definition, by its kind's path and its id; and the field that names it. */
export type Reference = Readonly<{ field: string; path: string; id: string }>;

/**
 * One kind of thing that a site defines, as everything that handles all kinds alike sees it: the API, the views, the automation role.
 */
export type DefinitionKind<Definition = unknown> = Readonly<{
  /** `Calendar`: begins the names of its events. */
  noun: string;
  /** `calendars`: its resource in the API. */
  path: string;
  /** In words, for the documentation. */
  about: string;
  streamPrefix: string;
  decider: Decider<EffectiveDated<Definition>, Event>;
  define: (command: Define<Definition>, state: EffectiveDated<Definition>) => readonly Event[];
  retire: (command: Retire, state: EffectiveDated<Definition>) => readonly Event[];
  catalogue: EventCatalogue<Event>;
  /** @throws InvalidInput with every fault */
  parse: (input: unknown) => Definition;
  /** What has to be there for a definition to mean anything. */
  references: (definition: Definition) => readonly Reference[];
}>;

type Parts<Definition> = Pick<DefinitionKind<Definition>, 'path' | 'about' | 'streamPrefix' | 'parse'> &
  Readonly<{
    catalogue: unknown;
    references?: DefinitionKind<Definition>['references'];
  }>;

const kind = <Noun extends string, Definition>(
  of: EffectiveDatedKind<Noun, Definition>,
  parts: Parts<Definition>,
): DefinitionKind<Definition> => ({
  references: () => [],
  ...parts,
  noun: of.noun,
  decider: of.decider as unknown as Decider<EffectiveDated<Definition>, Event>,
  define: of.define as DefinitionKind<Definition>['define'],
  retire: of.retire as DefinitionKind<Definition>['retire'],
  catalogue: parts.catalogue as EventCatalogue<Event>,
});

const calendarOf = (calendar: string | null): readonly Reference[] =>
  calendar === null ? [] : [{ field: 'calendar', path: 'calendars', id: calendar }];

export const CALENDARS = kind<'Calendar', BusinessCalendar>(calendars, {
  path: 'calendars',
  about: 'When a site works: hours by weekday in a time zone, exceptions, holidays.',
  streamPrefix: CALENDAR_STREAM_PREFIX,
  catalogue: calendarCatalogue,
  parse: parseBusinessCalendar,
});

export const SERVICE_LEVEL_POLICIES = kind<'ServiceLevelPolicy', ServiceLevelPolicy>(serviceLevelPolicies, {
  path: 'service-level-policies',
  about: 'What is promised about response, update and resolution, for which incidents.',
  streamPrefix: SERVICE_LEVEL_POLICY_STREAM_PREFIX,
  catalogue: serviceLevelPolicyCatalogue,
  parse: parseServiceLevelPolicy,
  references: ({ calendar }) => calendarOf(calendar),
});

export const ESCALATION_POLICIES = kind<'EscalationPolicy', EscalationPolicy>(escalationPolicies, {
  path: 'escalation-policies',
  about: 'Who is turned to, step by step, while nobody answers.',
  streamPrefix: ESCALATION_POLICY_STREAM_PREFIX,
  catalogue: escalationPolicyCatalogue,
  parse: parseEscalationPolicy,
  references: ({ calendar }) => calendarOf(calendar),
});

export const CLOSURE_POLICIES = kind<'ClosurePolicy', ClosurePolicy>(closurePolicies, {
  path: 'closure-policies',
  about: 'When a resolved incident closes by itself, and how long a closed one may be reopened.',
  streamPrefix: CLOSURE_POLICY_STREAM_PREFIX,
  catalogue: closurePolicyCatalogue,
  parse: parseClosurePolicy,
  references: ({ calendar }) => calendarOf(calendar),
});

export const MAJOR_INCIDENT_POLICIES = kind<'MajorIncidentPolicy', MajorIncidentPolicy>(majorIncidentPolicies, {
  path: 'major-incident-policies',
  about: 'When somebody should decide whether an incident is a major one.',
  streamPrefix: MAJOR_INCIDENT_POLICY_STREAM_PREFIX,
  catalogue: majorIncidentPolicyCatalogue,
  parse: parseMajorIncidentPolicy,
});

/** Every kind of thing that a site defines. */
export const DEFINITION_KINDS: readonly DefinitionKind[] = [
  CALENDARS,
  SERVICE_LEVEL_POLICIES,
  ESCALATION_POLICIES,
  CLOSURE_POLICIES,
  MAJOR_INCIDENT_POLICIES,
] as unknown as readonly DefinitionKind[];

/** The streams of all definitions, by prefix. */
export const DEFINITION_STREAM_PREFIXES: readonly string[] = DEFINITION_KINDS.map(({ streamPrefix }) => streamPrefix);

/** The kind and the id that a stream is of; `undefined` where it is no definition's. The longest prefix counts. */
export const definitionOf = (streamName: string): Readonly<{ kind: DefinitionKind; id: string }> | undefined => {
  const [kind] = DEFINITION_KINDS.filter(({ streamPrefix }) => streamName.startsWith(streamPrefix)).sort(
    (a, b) => b.streamPrefix.length - a.streamPrefix.length,
  );
  return kind && { kind, id: streamName.slice(kind.streamPrefix.length) };
};
