import { afterEach, describe, expect, it } from '@jest/globals';
import { PlayedSite } from '../support/played-site.js';

let site: PlayedSite;
afterEach(() => site.stop());

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const OFFICE = {
  name: 'Office',
  timeZone: 'Europe/Berlin',
  week: Object.fromEntries(WEEK.map((day) => [day, [{ from: '09:00', to: '17:00' }]])),
};
const minutes = (amount: number) => ({ amount, unit: 'elapsed-minutes' });

const define = (path: string, definition: object, more: object = {}) => site.done('PUT', path, { definition, ...more });
const person = (id: string, more: object = {}) =>
  define(`/people/${id}`, { name: id, email: `${id}@example.org`, language: 'en', timeZone: 'Europe/Berlin', ...more });

/** A small service desk. */
const begin = async (start: string): Promise<void> => {
  site = await PlayedSite.at(start);
  await define('/calendars/office', OFFICE);
  await person('ann');
  await person('bob', { manager: 'ann' });
  await define('/teams/desk', { name: 'Desk', tier: 1, members: ['ann', 'bob'], lead: 'ann', assignment: 'least-loaded' });
  await define('/assignment-rules/site', { rules: [{ when: {}, team: 'desk' }] });
  await define('/service-level-policies/standard', {
    name: 'Standard',
    kind: 'sla',
    rank: 1,
    calendar: 'office',
    pausesOn: ['caller'],
    warnAt: [50],
    entries: [{ targets: { response: minutes(30), resolution: { amount: 1, unit: 'business-days' } } }],
  });
};

const report = async (more: object = {}) =>
  (await site.done('POST', '/incidents', { title: 'No mail', reporter: 'zoe@example.org', channel: 'phone', ...more }))[
    'incidentId'
  ] as string;

/** The events of an incident, each with when it happened: `MM-DDTHH:MM type`. */
const story = async (incidentId: string) =>
  (await site.events(incidentId)).map(({ type, occurredAt }) => `${occurredAt.slice(5, 16)} ${type}`);

describe('a site by itself', () => {
  it('assigns, warns and breaches, each at its instant', async () => {
    await begin('2026-01-12T08:00:00.000Z');
    const incidentId = await report();
    await site.until('2026-01-14T00:00:00.000Z');
    expect(await story(incidentId)).toEqual([
      '01-12T08:00 IncidentReported',
      '01-12T08:00 SlaStarted',
      '01-12T08:00 SlaStarted',
      '01-12T08:00 IncidentAssigned',
      '01-12T08:15 SlaWarned',
      '01-12T08:30 SlaBreached',
      '01-12T12:00 SlaWarned',
      '01-12T16:00 SlaBreached',
    ]);
  });
});
