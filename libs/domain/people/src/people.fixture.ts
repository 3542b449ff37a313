import { fold } from '#kernel';
import { parsePerson, type Person } from './person.js';
import { people, type PersonEvent, type PersonTimeline } from './person-timeline.js';

export const JAN = '2026-01-01T00:00:00.000Z';

const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];
/** Of Berlin, on Monday to Friday. */
export const OFFICE_HOURS = {
  monday: NINE_TO_FIVE,
  tuesday: NINE_TO_FIVE,
  wednesday: NINE_TO_FIVE,
  thursday: NINE_TO_FIVE,
  friday: NINE_TO_FIVE,
};

export const person = (more: object = {}): Person =>
  parsePerson({ name: 'Ada Lovelace', email: 'ada@example.org', language: 'en', timeZone: 'Europe/Berlin', ...more });

export const defined = (id: string, definition = person(), version = 1, effectiveFrom = JAN): PersonEvent => ({
  type: 'PersonDefined',
  data: { id, version, effectiveFrom, definition },
});

export const absent = (id: string, absenceId: string, from: string, to: string, reason = 'holiday'): PersonEvent => ({
  type: 'PersonAbsent',
  data: { id, absenceId, from, to, reason },
});

export const timeline = (...events: PersonEvent[]): PersonTimeline => fold(people.decider, events);
