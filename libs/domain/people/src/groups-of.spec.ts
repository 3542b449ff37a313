import { expect, it } from '@jest/globals';
import { fold } from '#kernel';
import { groupsOf } from './groups-of.js';
import { parseTeam, teams, type TeamEvent } from './team.js';

const [JAN, FEB, MAR] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'] as const;

const defined = (id: string, members: readonly string[], version = 1, effectiveFrom: string = JAN): TeamEvent => ({
  type: 'TeamDefined',
  data: { id, version, effectiveFrom, definition: parseTeam({ name: id, tier: 1, members, lead: 'cem', assignment: 'pull' }) },
});
const retired: TeamEvent = { type: 'TeamRetired', data: { id: 'stores', effectiveFrom: MAR, reason: 'They were sold' } };

const site = new Map(
  Object.entries({
    stores: [defined('stores', ['ada', 'bob']), retired],
    desk: [defined('desk', ['bob']), defined('desk', ['ada'], 2, FEB)],
    vendor: [defined('vendor', [])],
  }).map(([id, events]) => [id, fold(teams.decider, events)]),
);

it.each([
  ['ada', JAN, ['stores']],
  ['ada', '2026-01-31T23:59:59.999Z', ['stores']],
  ['ada', FEB, ['desk', 'stores']],
  ['ada', MAR, ['desk']],
  ['bob', JAN, ['desk', 'stores']],
  ['bob', FEB, ['stores']],
  ['bob', '2025-12-31T23:59:59.999Z', []],
  ['bob', MAR, []],
  // who leads a team is no member of it by that
  ['cem', FEB, []],
  ['nobody', FEB, []],
])('the groups of %s at %s are %j', (person, instant, expected) => expect(groupsOf(person, site, instant)).toEqual(expected));
