import { integerFrom, inWords, listOf, oneOf, orNull, passing, recordOf, textOf, type Check } from '#kernel';
import type { DataOf, IncidentEventType } from './incident.js';
import { isUtcInstant } from './instants.js';
import { DOWNTIME_MINUTES, LIST_MAX_ITEMS, NAME, TEXT, TITLE, WORK_MINUTES } from './limits.js';
import { moneyCheck } from './money.js';
import { CHANNELS, FIXES, HOLD_REASONS, NOTE_VISIBILITIES } from './vocabulary.js';

/** What a fact may be: `takes` decides, `expected` says it to people. */
export type FactKind = Readonly<{ expected: string; takes: (value: unknown) => boolean; isInstant?: true }>;

/** What a check tells whoever says nothing. */
const expectedBy = (check: Check): string => check(undefined, '')[0]?.message.replace(/^is /, '') as string;

const fact = (check: Check): FactKind => ({ expected: expectedBy(check), takes: (value) => check(value, '').length === 0 });
/** When something was so: never in the future. */
const instant = (check: Check): FactKind => ({ ...fact(check), isInstant: true });

const [nameText, longText] = [textOf(NAME.max), textOf(TEXT.max)];
const name = fact(nameText);
const nameOrNone = fact(orNull(nameText));
const text = fact(longText);
const textOrNone = fact(orNull(longText));

const names = inWords(
  listOf(nameText, { min: 1, max: LIST_MAX_ITEMS }),
  `a list of 1 to ${LIST_MAX_ITEMS}, each of them ${expectedBy(nameText)}`,
);
const pastInstant = passing(isUtcInstant, 'a past instant, ISO 8601 in UTC (2026-01-05T09:00:00.000Z)');
const moneyOrNone = fact(orNull(inWords(moneyCheck, 'an amount in minor units and an ISO 4217 currency')));
const downtime = recordOf<NonNullable<DataOf<'IncidentResolved'>['downtime']>>({
  minutes: integerFrom(DOWNTIME_MINUTES.min, DOWNTIME_MINUTES.max),
  minuteRate: moneyCheck,
});

/** When it happened: every fact has that, beside its data. */
const occurred = { occurredAt: instant(pastInstant) } as const;

type CorrectableFacts = {
  readonly [Type in IncidentEventType]?: { readonly [Fact in Exclude<keyof DataOf<Type>, 'incidentId'> | 'occurredAt']?: FactKind };
};

/**
 * Which facts of which events can be corrected, and what they may be. Facts about the outside can be wrong: what happened, when, how long it
 * took. What this program concluded (service levels, origins, ids), what was sent (stakeholder updates) and what was decided by whom
 * (escalations, confirmations, corrections) is what it was.
 */
export const CORRECTABLE_FACTS = {
  IncidentReported: {
    title: fact(textOf(TITLE.max)),
    description: textOrNone,
    reporter: name,
    onBehalfOf: nameOrNone,
    channel: fact(oneOf(CHANNELS)),
    service: nameOrNone,
    configurationItems: fact(orNull(names)),
    location: nameOrNone,
    contact: nameOrNone,
    detectedAt: instant(orNull(pastInstant)),
    externalReference: nameOrNone,
    ...occurred,
  },
  IncidentCategorized: { category: nameOrNone, subcategory: nameOrNone, symptom: nameOrNone },
  IncidentPrioritized: { impact: name, urgency: name, priority: name },
  IncidentAcknowledged: occurred,
  IncidentAssigned: { team: nameOrNone, agent: nameOrNone, ...occurred },
  NoteAdded: { text, visibility: fact(oneOf(NOTE_VISIBILITIES)) },
  FileAttached: { name },
  DiagnosisRecorded: { findings: text, rootCause: textOrNone },
  WorkaroundApplied: { description: text, ...occurred },
  IncidentPutOnHold: { reason: fact(oneOf(HOLD_REASONS)), comment: textOrNone, ...occurred },
  IncidentResumed: { comment: textOrNone, ...occurred },
  WorkLogged: {
    minutes: fact(integerFrom(WORK_MINUTES.min, WORK_MINUTES.max)),
    activity: text,
    hourlyRate: moneyOrNone,
    toolCost: moneyOrNone,
    ...occurred,
  },
  IncidentResolved: {
    code: name,
    fix: fact(orNull(oneOf(FIXES))),
    notes: textOrNone,
    restoredAt: instant(orNull(pastInstant)),
    downtime: fact(orNull(inWords(downtime, 'minutes down, and what a minute costs'))),
    ...occurred,
  },
  IncidentClosed: { code: name, ...occurred },
  IncidentReopened: { reason: textOrNone, ...occurred },
} as const satisfies CorrectableFacts;

/** The facts of this type of event that can be corrected, by name. */
export const correctableFacts = (eventType: string): ReadonlyMap<string, FactKind> =>
  new Map(
    Object.hasOwn(CORRECTABLE_FACTS, eventType) ? Object.entries(CORRECTABLE_FACTS[eventType as keyof typeof CORRECTABLE_FACTS]) : [],
  );
