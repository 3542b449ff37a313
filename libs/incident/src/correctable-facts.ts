import {
  CURRENCY_PATTERN,
  DOWNTIME_MINUTES,
  LIST_MAX_ITEMS,
  MONEY_AMOUNT,
  NAME,
  TEXT,
  TITLE,
  WORK_MINUTES,
  type Length,
} from './limits.js';
import type { DataOf, IncidentEventType, Money } from './incident.js';
import { isUtcInstant } from './instants.js';
import { CHANNELS, FIXES, HOLD_REASONS, NOTE_VISIBILITIES } from './vocabulary.js';

/** What a fact may be: `takes` decides, `expected` says it to people. */
export type FactKind = Readonly<{ expected: string; takes: (value: unknown) => boolean; isInstant?: true }>;

const text = ({ min, max }: Length): FactKind => ({
  expected: `text of ${min} to ${max} characters`,
  takes: (value) => typeof value === 'string' && value.trim().length >= min && value.length <= max,
});

const oneOf = (words: readonly string[]): FactKind => ({
  expected: `one of ${words.join(', ')}`,
  takes: (value) => words.includes(value as string),
});

const wholeNumber = ({ min, max }: Readonly<{ min: number; max: number }>): FactKind => ({
  expected: `a whole number from ${min} to ${max}`,
  takes: (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
});

const listOf = ({ expected, takes }: FactKind): FactKind => ({
  expected: `a list of 1 to ${LIST_MAX_ITEMS}, each ${expected}`,
  takes: (value) => Array.isArray(value) && value.length > 0 && value.length <= LIST_MAX_ITEMS && value.every(takes),
});

const orNone = ({ expected, takes, ...rest }: FactKind): FactKind => ({
  ...rest,
  expected: `${expected}, or null`,
  takes: (value) => value === null || takes(value),
});

/** When something was so: never in the future. */
const pastInstant: FactKind = {
  expected: 'a past instant, ISO 8601 in UTC (2026-01-05T09:00:00.000Z)',
  takes: isUtcInstant,
  isInstant: true,
};

const amount = wholeNumber(MONEY_AMOUNT);
const money: FactKind = {
  expected: 'an amount in minor units and an ISO 4217 currency',
  takes: (value) => {
    const { amount: minorUnits, currency, ...more } = (value ?? {}) as Partial<Money>;
    return amount.takes(minorUnits) && CURRENCY_PATTERN.test(String(currency)) && Object.keys(more).length === 0;
  },
};

const minutesDown = wholeNumber(DOWNTIME_MINUTES);
const downtime: FactKind = {
  expected: 'minutes down, and what a minute costs',
  takes: (value) => {
    const { minutes, minuteRate, ...more } = (value ?? {}) as Partial<NonNullable<DataOf<'IncidentResolved'>['downtime']>>;
    return minutesDown.takes(minutes) && money.takes(minuteRate) && Object.keys(more).length === 0;
  },
};

/** When it happened: every fact has that, beside its data. */
const occurred = { occurredAt: pastInstant } as const;

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
    title: text(TITLE),
    description: orNone(text(TEXT)),
    reporter: text(NAME),
    onBehalfOf: orNone(text(NAME)),
    channel: oneOf(CHANNELS),
    service: orNone(text(NAME)),
    configurationItems: orNone(listOf(text(NAME))),
    location: orNone(text(NAME)),
    contact: orNone(text(NAME)),
    detectedAt: orNone(pastInstant),
    externalReference: orNone(text(NAME)),
    ...occurred,
  },
  IncidentCategorized: { category: orNone(text(NAME)), subcategory: orNone(text(NAME)), symptom: orNone(text(NAME)) },
  IncidentPrioritized: { impact: text(NAME), urgency: text(NAME), priority: text(NAME) },
  IncidentAcknowledged: occurred,
  IncidentAssigned: { team: orNone(text(NAME)), agent: orNone(text(NAME)), ...occurred },
  NoteAdded: { text: text(TEXT), visibility: oneOf(NOTE_VISIBILITIES) },
  FileAttached: { name: text(NAME) },
  DiagnosisRecorded: { findings: text(TEXT), rootCause: orNone(text(TEXT)) },
  WorkaroundApplied: { description: text(TEXT), ...occurred },
  IncidentPutOnHold: { reason: oneOf(HOLD_REASONS), comment: orNone(text(TEXT)), ...occurred },
  IncidentResumed: { comment: orNone(text(TEXT)), ...occurred },
  WorkLogged: {
    minutes: wholeNumber(WORK_MINUTES),
    activity: text(TEXT),
    hourlyRate: orNone(money),
    toolCost: orNone(money),
    ...occurred,
  },
  IncidentResolved: {
    code: text(NAME),
    fix: orNone(oneOf(FIXES)),
    notes: orNone(text(TEXT)),
    restoredAt: orNone(pastInstant),
    downtime: orNone(downtime),
    ...occurred,
  },
  IncidentClosed: { code: text(NAME), ...occurred },
  IncidentReopened: { reason: orNone(text(TEXT)), ...occurred },
} as const satisfies CorrectableFacts;

/** The facts of this type of event that can be corrected, by name. */
export const correctableFacts = (eventType: string): ReadonlyMap<string, FactKind> =>
  new Map(
    Object.hasOwn(CORRECTABLE_FACTS, eventType) ? Object.entries(CORRECTABLE_FACTS[eventType as keyof typeof CORRECTABLE_FACTS]) : [],
  );
