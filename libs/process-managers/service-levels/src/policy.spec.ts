import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { DEFAULT_WARNINGS, parseServiceLevelPolicy, POLICY_LIMITS } from './policy.js';

const hours = (amount: number) => ({ amount, unit: 'elapsed-hours' });
const ENTRY = { targets: { resolution: hours(4) } };
const POLICY = { name: 'Gold', kind: 'sla', rank: 1, entries: [ENTRY] };
const days = { amount: 1, unit: 'business-days' };

describe('a service level policy', () => {
  it('is for every incident, and pauses for nothing, where nothing is said', () =>
    expect(parseServiceLevelPolicy(POLICY)).toEqual({
      ...{ ...POLICY, when: {}, entries: [{ when: {}, ...ENTRY }] },
      ...{ calendar: null, pausesOn: [], warnAt: DEFAULT_WARNINGS },
    }));
  it('says each reason once', () =>
    expect(parseServiceLevelPolicy({ ...POLICY, pausesOn: ['vendor', 'caller', 'vendor'] }).pausesOn).toEqual(['vendor', 'caller']));

  it.each([
    [{ name: ' ' }, ['name']],
    [{ kind: 'contract' }, ['kind']],
    [{ rank: undefined }, ['rank']],
    [{ when: { major: 1 } }, ['when.major']],
    [{ entries: [] }, ['entries']],
    [{ entries: Array(POLICY_LIMITS.entries + 1).fill(ENTRY) }, ['entries']],
    [{ entries: [ENTRY, 'all'] }, ['entries[1]']],
    [{ entries: [{ when: null }] }, ['entries[0].when', 'entries[0].targets']],
    [{ entries: [{ ...ENTRY, when: { colours: ['red'] }, kind: 'sla' }] }, ['entries[0].kind', 'entries[0].when.colours']],
    [
      { entries: [{ targets: { closure: hours(1), response: hours(0), update: null } }] },
      ['entries[0].targets.closure', 'response.amount', 'update.amount', 'update.unit'].map((field) =>
        field.replace(/^(response|update)/, 'entries[0].targets.$1'),
      ),
    ],
    [{ entries: [{ targets: {} }] }, []],
    [{ entries: [ENTRY, { targets: { response: days } }] }, ['calendar']],
    [{ entries: [{ targets: { response: days } }], calendar: 'office' }, []],
    [{ calendar: 7 }, ['calendar']],
    [{ pausesOn: ['lunch'] }, ['pausesOn']],
    [{ pausesOn: 'caller' }, ['pausesOn']],
    [{ warnAt: [] }, []],
    [{ warnAt: [1, 99] }, []],
    [{ warnAt: [0] }, ['warnAt']],
    [{ warnAt: [100] }, ['warnAt']],
    [{ warnAt: [75, 50] }, ['warnAt']],
    [{ warnAt: [50, 50] }, ['warnAt']],
    [{ warnAt: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }, ['warnAt']],
    [{ colour: 'red' }, ['colour']],
  ])('%j is told what is wrong with it', (more, expected) =>
    expect(faultyFields('SERVICE_LEVEL_POLICY_INVALID', () => parseServiceLevelPolicy({ ...POLICY, ...more }))).toEqual(expected),
  );
});
