import type { BusinessCalendar } from '#domain/calendars';
import { DEFAULT_PRIORITY_POLICY, DEFAULT_TAXONOMY } from '#domain/catalogue';
import type { ClosurePolicy } from '#process-managers/closure';
import { MOST_RANK } from '#domain/incident';
import { SITE_ID } from '#kernel';
import type { MajorIncidentPolicy } from '#process-managers/major-incidents';
import { DEFAULT_WARNINGS, type ServiceLevelPolicy } from '#process-managers/service-levels';
import {
  CALENDARS,
  CLOSURE_POLICIES,
  MAJOR_INCIDENT_POLICIES,
  PRIORITY_POLICIES,
  SERVICE_LEVEL_POLICIES,
  TAXONOMIES,
  type DefinitionKind,
} from './kinds.js';

/**
 * How long what acts by itself is held back on a new site, in milliseconds: a week in which to read it, change it or take it out, before
 * anybody is measured by it or an incident is closed by it.
 */
export const GRACE_MS = 7 * 24 * 3_600_000;

/** One definition that a new site begins with. */
export type DefaultDefinition = Readonly<{
  kind: DefinitionKind;
  id: string;
  definition: unknown;
  /** Whether it acts by itself, and so holds only once the grace is over. */
  acts: boolean;
}>;

const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];
const WEEK = {
  ...{ monday: NINE_TO_FIVE, tuesday: NINE_TO_FIVE, wednesday: NINE_TO_FIVE, thursday: NINE_TO_FIVE, friday: NINE_TO_FIVE },
  ...{ saturday: [], sunday: [] },
};
const OFFICE_HOURS = 'office-hours';

const officeHours = (timeZone: string): BusinessCalendar => ({
  name: 'Office hours',
  timeZone,
  week: WEEK,
  exceptions: [],
  holidays: [],
});

/** Whatever a site says itself goes before it. */
const LAST: Readonly<{ rank: number }> = { rank: MOST_RANK };

const minutes = (amount: number) => ({ amount, unit: 'elapsed-minutes' }) as const;
const hours = (amount: number) => ({ amount, unit: 'business-hours' }) as const;
const days = (amount: number) => ({ amount, unit: 'business-days' }) as const;

/** The most urgent counts round the clock, all else in office hours. What nobody has rated yet is promised nothing. */
const SERVICE_LEVELS: ServiceLevelPolicy = {
  ...LAST,
  name: 'Standard',
  kind: 'sla',
  when: {},
  entries: [
    { when: { priorities: ['P1'] }, targets: { response: minutes(15), resolution: minutes(4 * 60) } },
    { when: { priorities: ['P2'] }, targets: { response: hours(1), resolution: days(1) } },
    { when: { priorities: ['P3'] }, targets: { response: hours(4), resolution: days(3) } },
    { when: { priorities: ['P4', 'P5'] }, targets: { response: days(1), resolution: days(5) } },
  ],
  calendar: OFFICE_HOURS,
  pausesOn: ['caller', 'vendor'],
  warnAt: DEFAULT_WARNINGS,
};

const CLOSURE: ClosurePolicy = {
  ...LAST,
  name: 'Five days to answer, ten to reopen',
  when: {},
  closeAfterBusinessDays: 5,
  reopenWithin: days(10),
  calendar: OFFICE_HOURS,
};

const MANY_AT_ONCE: MajorIncidentPolicy = {
  ...LAST,
  name: 'Many at once',
  when: {},
  criticalities: null,
  childrenAtLeast: 5,
  risks: null,
  dataAtRisk: null,
};

const said = <Definition>(kind: DefinitionKind<Definition>, id: string, definition: Definition, acts = false): DefaultDefinition => ({
  kind: kind as unknown as DefinitionKind,
  id,
  definition,
  acts,
});

/**
 * What a new site begins with, each before what refers to it. Nothing here names a person or a team: who is there, who is escalated to and
 * who gets which incidents, only the site knows. Notices are worded by templates of the program until a site words its own.
 * @param timeZone of the office hours: IANA
 */
export const defaultSite = (timeZone: string): readonly DefaultDefinition[] => [
  said(CALENDARS, OFFICE_HOURS, officeHours(timeZone)),
  said(TAXONOMIES, SITE_ID, DEFAULT_TAXONOMY),
  said(PRIORITY_POLICIES, SITE_ID, DEFAULT_PRIORITY_POLICY),
  said(SERVICE_LEVEL_POLICIES, 'standard', SERVICE_LEVELS, true),
  said(CLOSURE_POLICIES, 'standard', CLOSURE, true),
  said(MAJOR_INCIDENT_POLICIES, 'many-at-once', MANY_AT_ONCE, true),
];
