import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { fold, unionOf, type Event } from '#kernel';
import { assertGolden } from '#testing';
import { assignmentRulesCatalogue, parseAssignmentRules, type AssignmentRulesEvent } from './assignment-rules.js';
import { OFFICE_HOURS, person } from './people.fixture.js';
import { people, personCatalogue, type PersonEvent } from './person-timeline.js';
import { parseTeam, teamCatalogue, type TeamEvent } from './team.js';

const [JAN, MAR] = ['2026-01-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'];

/** One of each event, with every field that it can have. */
const STORY: (PersonEvent | TeamEvent | AssignmentRulesEvent)[] = [
  {
    type: 'PersonDefined',
    data: {
      id: 'ada',
      version: 1,
      effectiveFrom: JAN,
      definition: person({
        phone: '+49 30 123456',
        roles: ['technical-support'],
        skills: ['routing'],
        workingHours: OFFICE_HOURS,
        capacity: 5,
        manager: 'grace',
      }),
      reason: 'Joined the network team',
    },
  },
  { type: 'PersonRetired', data: { id: 'ada', effectiveFrom: MAR, reason: 'Left' } },
  {
    type: 'PersonAbsent',
    data: { id: 'ada', absenceId: 'a1', from: '2026-02-02T00:00:00.000Z', to: '2026-02-09T00:00:00.000Z', reason: 'holiday' },
  },
  { type: 'AbsenceEnded', data: { id: 'ada', absenceId: 'a1', at: '2026-02-05T00:00:00.000Z' } },
  {
    type: 'TeamDefined',
    data: {
      id: 'network',
      version: 1,
      effectiveFrom: JAN,
      definition: parseTeam({
        name: 'Network',
        tier: 2,
        members: ['ada', 'bob'],
        lead: 'ada',
        nextTier: 'network-vendor',
        onCallSchedule: 'network-nights',
        calendar: 'office',
        reporterGroups: ['Stores'],
        assignment: 'round-robin',
      }),
      reason: 'A new site',
    },
  },
  { type: 'TeamRetired', data: { id: 'network', effectiveFrom: MAR, reason: 'Merged' } },
  {
    type: 'AssignmentRulesDefined',
    data: {
      id: 'site',
      version: 1,
      effectiveFrom: JAN,
      definition: parseAssignmentRules({
        rules: [
          {
            when: {
              categories: ['Network'],
              subcategories: ['VPN'],
              services: ['vpn'],
              priorities: ['P1'],
              locations: ['Leuven'],
              channels: ['phone'],
            },
            team: 'network',
            skill: 'routing',
          },
          { when: {}, team: 'service-desk' },
        ],
      }),
      reason: 'A new site',
    },
  },
  { type: 'AssignmentRulesRetired', data: { id: 'site', effectiveFrom: MAR, reason: 'Assigned by hand' } },
];

it('events are written today as they were written once, and are read', () => {
  const catalogue = unionOf<Event>(personCatalogue, teamCatalogue, assignmentRulesCatalogue);
  const read = assertGolden(join(import.meta.dirname, 'golden'), catalogue, STORY);
  const ofPerson = read.filter(({ type }) => personCatalogue.storedTypes.includes(type)) as PersonEvent[];
  expect(fold(people.decider, ofPerson)).toMatchObject({ versions: [{ version: 1 }], absences: [{ absenceId: 'a1' }] });
});
