import type { Decider, Define, EffectiveDated, Event, EventCatalogue, Retire } from '#kernel';
import { CALENDAR_STREAM_PREFIX, calendarCatalogue, calendars, parseBusinessCalendar, type BusinessCalendar } from '#domain/calendars';
import {
  parsePriorityPolicy,
  parseService,
  parseTaxonomy,
  PRIORITY_POLICY_STREAM_PREFIX,
  priorityPolicies,
  priorityPolicyCatalogue,
  SERVICE_STREAM_PREFIX,
  serviceCatalogue,
  services,
  taxonomies,
  TAXONOMY_STREAM_PREFIX,
  taxonomyCatalogue,
  type PriorityPolicy,
  type Service,
  type Taxonomy,
} from '#domain/catalogue';
import {
  CLOSURE_POLICY_STREAM_PREFIX,
  closurePolicies,
  closurePolicyCatalogue,
  parseClosurePolicy,
  type ClosurePolicy,
} from '#process-managers/closure';
import {
  ESCALATION_POLICY_STREAM_PREFIX,
  escalationPolicies,
  escalationPolicyCatalogue,
  parseEscalationPolicy,
  type EscalationPolicy,
  type EscalationTarget,
} from '#process-managers/escalation';
import {
  MAJOR_INCIDENT_POLICY_STREAM_PREFIX,
  majorIncidentPolicies,
  majorIncidentPolicyCatalogue,
  parseMajorIncidentPolicy,
  type MajorIncidentPolicy,
} from '#process-managers/major-incidents';
import {
  NOTICE_PREFERENCES_STREAM_PREFIX,
  NOTICE_TEMPLATE_STREAM_PREFIX,
  noticePreferences,
  noticePreferencesCatalogue,
  noticeTemplateCatalogue,
  noticeTemplates,
  parseNoticePreferences,
  parseNoticeTemplate,
  type NoticePreferences,
  type NoticeTemplate,
  type TemplateLanguage,
} from '#domain/notifications';
import {
  ON_CALL_SCHEDULE_STREAM_PREFIX,
  onCallCatalogue,
  onCallDecider,
  onCallSchedules,
  parseOnCallSchedule,
  type OnCallSchedule,
  type OnCallTimeline,
} from '#domain/on-call';
import {
  ASSIGNMENT_RULES_STREAM_PREFIX,
  assignmentRules,
  assignmentRulesCatalogue,
  parseAssignmentRules,
  parsePerson,
  parseTeam,
  people,
  PERSON_STREAM_PREFIX,
  personCatalogue,
  TEAM_STREAM_PREFIX,
  teamCatalogue,
  teams,
  type AssignmentRules,
  type Person,
  type PersonTimeline,
  type Team,
} from '#domain/people';
import {
  parseServiceLevelPolicy,
  SERVICE_LEVEL_POLICY_STREAM_PREFIX,
  serviceLevelPolicies,
  serviceLevelPolicyCatalogue,
  type ServiceLevelPolicy,
} from '#process-managers/service-levels';

/** What a definition names and takes for granted: another definition, by its kind's path and its id; and the field that names it. */
export type Reference = Readonly<{ field: string; path: string; id: string }>;

/** What reading a definition may need beside the definition itself. */
export type ReadingTools = Readonly<{ templates: TemplateLanguage }>;

/**
 * One kind of thing that a site defines, as everything that handles all kinds alike sees it: the API, the views, the automation role.
 */
export type DefinitionKind<Definition = unknown, State extends EffectiveDated<Definition> = EffectiveDated<Definition>> = Readonly<{
  /** `Calendar`: begins the names of its events. */
  noun: string;
  /** `calendars`: its resource in the API. */
  path: string;
  /** In words, for the documentation. */
  about: string;
  streamPrefix: string;
  /** There is one of it, under the id `site`. */
  isSingle: boolean;
  decider: Decider<State, Event>;
  define: (command: Define<Definition>, state: EffectiveDated<Definition>) => readonly Event[];
  retire: (command: Retire, state: EffectiveDated<Definition>) => readonly Event[];
  catalogue: EventCatalogue<Event>;
  /** @throws InvalidInput with every fault */
  parse: (input: unknown, tools: ReadingTools) => Definition;
  /** What has to be there for a definition to mean anything. */
  references: (definition: Definition) => readonly Reference[];
  /** The id that it has to go by, where a field of its own says so. */
  ownId: (definition: Definition) => Readonly<{ field: string; id: string }> | undefined;
}>;

/** How one kind is defined and retired, whatever its own events are called. */
type Rules = Readonly<{ noun: string; decider: unknown; define: unknown; retire: unknown }>;

type Parts<Definition> = Pick<DefinitionKind<Definition>, 'path' | 'about' | 'streamPrefix' | 'parse'> &
  Partial<Pick<DefinitionKind<Definition>, 'references' | 'ownId'>> &
  Readonly<{ catalogue: unknown; isSingle?: true }>;

const kind = <Definition, State extends EffectiveDated<Definition> = EffectiveDated<Definition>>(
  { noun, decider, define, retire }: Rules,
  parts: Parts<Definition>,
): DefinitionKind<Definition, State> => {
  type Kind = DefinitionKind<Definition, State>;
  const { catalogue, isSingle = false, references = () => [], ownId = () => undefined, ...rest } = parts;
  return {
    ...rest,
    isSingle,
    references,
    ownId,
    noun,
    catalogue: catalogue as Kind['catalogue'],
    decider: decider as Kind['decider'],
    define: define as Kind['define'],
    retire: retire as Kind['retire'],
  };
};

const referenceTo =
  (path: string) =>
  (field: string, id: string | null | undefined): readonly Reference[] =>
    id === null || id === undefined ? [] : [{ field, path, id }];
const toCalendar = referenceTo('calendars');
const toTeam = referenceTo('teams');
const toPerson = referenceTo('people');
const toSchedule = referenceTo('on-call-schedules');

const ofTarget = ({ kind: of, id }: EscalationTarget, field: string): readonly Reference[] => {
  switch (of) {
    case 'person':
    case 'manager':
      return toPerson(field, id);
    case 'team':
      return toTeam(field, id);
    case 'schedule':
      return toSchedule(field, id);
    default:
      return of satisfies never;
  }
};

export const CALENDARS = kind<BusinessCalendar>(calendars, {
  path: 'calendars',
  about: 'When a site works: hours by weekday in a time zone, exceptions, holidays.',
  streamPrefix: CALENDAR_STREAM_PREFIX,
  catalogue: calendarCatalogue,
  parse: parseBusinessCalendar,
});

export const SERVICE_LEVEL_POLICIES = kind<ServiceLevelPolicy>(serviceLevelPolicies, {
  path: 'service-level-policies',
  about: 'What is promised about response, update and resolution, for which incidents.',
  streamPrefix: SERVICE_LEVEL_POLICY_STREAM_PREFIX,
  catalogue: serviceLevelPolicyCatalogue,
  parse: parseServiceLevelPolicy,
  references: ({ calendar }) => toCalendar('calendar', calendar),
});

export const ESCALATION_POLICIES = kind<EscalationPolicy>(escalationPolicies, {
  path: 'escalation-policies',
  about: 'Who is turned to, step by step, while nobody answers.',
  streamPrefix: ESCALATION_POLICY_STREAM_PREFIX,
  catalogue: escalationPolicyCatalogue,
  parse: parseEscalationPolicy,
  references: ({ calendar, steps }) => [
    ...toCalendar('calendar', calendar),
    ...steps.flatMap(({ targets }, n) => targets.flatMap((target, m) => ofTarget(target, `steps[${n}].targets[${m}].id`))),
  ],
});

export const CLOSURE_POLICIES = kind<ClosurePolicy>(closurePolicies, {
  path: 'closure-policies',
  about: 'When a resolved incident closes by itself, and how long a closed one may be reopened.',
  streamPrefix: CLOSURE_POLICY_STREAM_PREFIX,
  catalogue: closurePolicyCatalogue,
  parse: parseClosurePolicy,
  references: ({ calendar }) => toCalendar('calendar', calendar),
});

export const MAJOR_INCIDENT_POLICIES = kind<MajorIncidentPolicy>(majorIncidentPolicies, {
  path: 'major-incident-policies',
  about: 'When somebody should decide whether an incident is a major one.',
  streamPrefix: MAJOR_INCIDENT_POLICY_STREAM_PREFIX,
  catalogue: majorIncidentPolicyCatalogue,
  parse: parseMajorIncidentPolicy,
});

export const TAXONOMIES = kind<Taxonomy>(taxonomies, {
  path: 'taxonomies',
  about: 'The categories of incidents, and the few questions that lead to one.',
  isSingle: true,
  streamPrefix: TAXONOMY_STREAM_PREFIX,
  catalogue: taxonomyCatalogue,
  parse: parseTaxonomy,
});

export const PRIORITY_POLICIES = kind<PriorityPolicy>(priorityPolicies, {
  path: 'priority-policies',
  about: 'How impact, urgency and risks make a priority.',
  isSingle: true,
  streamPrefix: PRIORITY_POLICY_STREAM_PREFIX,
  catalogue: priorityPolicyCatalogue,
  parse: parsePriorityPolicy,
});

export const SERVICES = kind<Service>(services, {
  path: 'services',
  about: 'What the organisation depends on: how critical it is, who owns and who supports it.',
  streamPrefix: SERVICE_STREAM_PREFIX,
  catalogue: serviceCatalogue,
  parse: parseService,
  references: ({ ownerTeam, supportTeam }) => [...toTeam('ownerTeam', ownerTeam), ...toTeam('supportTeam', supportTeam)],
});

export const PEOPLE = kind<Person, PersonTimeline>(people, {
  path: 'people',
  about: 'Who reports incidents, works on them, or answers for them; what they can do, and when they are there.',
  streamPrefix: PERSON_STREAM_PREFIX,
  catalogue: personCatalogue,
  parse: parsePerson,
  references: ({ manager }) => toPerson('manager', manager),
});

export const TEAMS = kind<Team>(teams, {
  path: 'teams',
  about: 'Who works together on which tier, and how a new incident finds somebody of them.',
  streamPrefix: TEAM_STREAM_PREFIX,
  catalogue: teamCatalogue,
  parse: parseTeam,
  references: ({ members, lead, nextTier, onCallSchedule, calendar }) => [
    ...members.flatMap((member, n) => toPerson(`members[${n}]`, member)),
    ...toPerson('lead', lead),
    ...toTeam('nextTier', nextTier),
    ...toSchedule('onCallSchedule', onCallSchedule),
    ...toCalendar('calendar', calendar),
  ],
});

export const ASSIGNMENT_RULES = kind<AssignmentRules>(assignmentRules, {
  path: 'assignment-rules',
  about: 'Which team a new incident goes to.',
  isSingle: true,
  streamPrefix: ASSIGNMENT_RULES_STREAM_PREFIX,
  catalogue: assignmentRulesCatalogue,
  parse: parseAssignmentRules,
  references: ({ rules }) => rules.flatMap(({ team }, n) => toTeam(`rules[${n}].team`, team)),
});

export const ON_CALL_SCHEDULES = kind<OnCallSchedule, OnCallTimeline>(
  { ...onCallSchedules, decider: onCallDecider },
  {
    path: 'on-call-schedules',
    about: 'Whose turn it is to be on call.',
    streamPrefix: ON_CALL_SCHEDULE_STREAM_PREFIX,
    catalogue: onCallCatalogue,
    parse: parseOnCallSchedule,
    references: ({ layers }) =>
      layers.flatMap(({ participants }, n) => participants.flatMap((person, m) => toPerson(`layers[${n}].participants[${m}]`, person))),
  },
);

export const NOTICE_TEMPLATES = kind<NoticeTemplate>(noticeTemplates, {
  path: 'notice-templates',
  about: 'How notices are worded, by occasion and language; the id is the occasion.',
  streamPrefix: NOTICE_TEMPLATE_STREAM_PREFIX,
  catalogue: noticeTemplateCatalogue,
  parse: (input, { templates }) => parseNoticeTemplate(input, templates),
  ownId: ({ occasion }) => ({ field: 'occasion', id: occasion }),
});

export const NOTICE_PREFERENCES = kind<NoticePreferences>(noticePreferences, {
  path: 'notice-preferences',
  about: 'How a person wants to be told; the id is theirs.',
  streamPrefix: NOTICE_PREFERENCES_STREAM_PREFIX,
  catalogue: noticePreferencesCatalogue,
  parse: parseNoticePreferences,
});

/** Every kind of thing that a site defines. */
export const DEFINITION_KINDS: readonly DefinitionKind[] = [
  TAXONOMIES,
  PRIORITY_POLICIES,
  SERVICES,
  CALENDARS,
  SERVICE_LEVEL_POLICIES,
  PEOPLE,
  TEAMS,
  ASSIGNMENT_RULES,
  ON_CALL_SCHEDULES,
  ESCALATION_POLICIES,
  MAJOR_INCIDENT_POLICIES,
  CLOSURE_POLICIES,
  NOTICE_TEMPLATES,
  NOTICE_PREFERENCES,
] as unknown as readonly DefinitionKind[];

/** The streams of all definitions, by prefix. */
export const DEFINITION_STREAM_PREFIXES: readonly string[] = DEFINITION_KINDS.map(({ streamPrefix }) => streamPrefix);

/** The kind and the id that a stream is of; `undefined` where it is no definition's. No prefix begins with another one. */
export const definitionOf = (streamName: string): Readonly<{ kind: DefinitionKind; id: string }> | undefined => {
  const kind = DEFINITION_KINDS.find(({ streamPrefix }) => streamName.startsWith(streamPrefix));
  return kind && { kind, id: streamName.slice(kind.streamPrefix.length) };
};

/** The kind that a resource is of. */
export const kindOf = (path: string): DefinitionKind | undefined => DEFINITION_KINDS.find((kind) => kind.path === path);
