import type { NoticeKind } from './notice.js';

/**
 * What a template is given: `text` as it is; an `instant` (ISO 8601, UTC) for `date`; a `duration` (milliseconds) for `duration`; a `link`. What
 * ends in `?` is not always known.
 */
export const FACT_TYPES = ['text', 'instant', 'duration', 'link'] as const;
export type FactType = (typeof FACT_TYPES)[number];
export type FactTypes = Readonly<Record<string, FactType | `${FactType}?`>>;

type Value<Type> = Type extends 'duration' | 'duration?' ? number : string;
type Known<Types> = { [Name in keyof Types as Types[Name] extends FactType ? Name : never]: Value<Types[Name]> };
type Unsure<Types> = { [Name in keyof Types as Types[Name] extends FactType ? never : Name]?: Value<Types[Name]> | null };

const INCIDENT = {
  incidentId: 'text',
  title: 'text',
  priority: 'text?',
  service: 'text?',
  incidentLink: 'link?',
} as const satisfies FactTypes;
const CLOCK = { ...INCIDENT, target: 'text', policy: 'text?', dueAt: 'instant' } as const satisfies FactTypes;

type OccasionShape = Readonly<{ kind: NoticeKind; facts: FactTypes }>;

/** On which occasions somebody hears from us, whether it can wait, and what there is to say. */
export const OCCASIONS = {
  'assigned-to-you': { kind: 'update', facts: { ...INCIDENT, team: 'text?', reason: 'text?' } },
  'escalated-to-you': { kind: 'page', facts: { ...INCIDENT, from: 'text?', reason: 'text', stepsTaken: 'text?' } },
  'major-incident-proposed': { kind: 'page', facts: { ...INCIDENT, reason: 'text' } },
  'major-incident-declared': {
    kind: 'update',
    facts: { ...INCIDENT, incidentManager: 'text', communicationsLead: 'text?', reason: 'text' },
  },
  'stakeholder-update': { kind: 'update', facts: { ...INCIDENT, update: 'text', nextUpdateDueAt: 'instant?' } },
  'service-level-warned': { kind: 'update', facts: { ...CLOCK, share: 'text', left: 'duration?' } },
  'service-level-breached': { kind: 'update', facts: CLOCK },
  resolved: {
    kind: 'update',
    facts: {
      ...INCIDENT,
      notes: 'text?',
      resolvedAt: 'instant',
      confirmLink: 'link?',
      rejectLink: 'link?',
      linksWorkUntil: 'instant?',
      closesAt: 'instant?',
    },
  },
  closed: { kind: 'update', facts: { ...INCIDENT, closedAt: 'instant', reopenUntil: 'instant?' } },
  reopened: { kind: 'update', facts: { ...INCIDENT, reason: 'text?' } },
  'on-call-page': { kind: 'page', facts: { ...INCIDENT, schedule: 'text?', reason: 'text', acknowledgeBy: 'instant?' } },
  digest: { kind: 'digest', facts: { count: 'text', updates: 'text' } },
} as const satisfies Readonly<Record<string, OccasionShape>>;

export type Occasion = keyof typeof OCCASIONS;
export const OCCASION_NAMES = Object.keys(OCCASIONS) as readonly Occasion[];

/** What a notice of an occasion is made of. */
export type FactsOf<Name extends Occasion> = Readonly<Known<(typeof OCCASIONS)[Name]['facts']> & Unsure<(typeof OCCASIONS)[Name]['facts']>>;

/** The types of an occasion's facts, by name. */
export const factTypesOf = (occasion: Occasion): FactTypes => OCCASIONS[occasion].facts;
