import { describe, expect, it } from '@jest/globals';
import type { Event } from '#kernel';
import type { PersonTimeline } from '#domain/people';
import { DEFINITION_KINDS, DEFINITION_STREAM_PREFIXES } from '#domain/definitions';
import { projectionSpec, recorded } from '#testing';
import { siteDefinitions } from './site-definitions.projection.js';
import { definitionsPage } from './site-definitions.query.js';

const given = projectionSpec(siteDefinitions);
const [JAN, FEB, MAR] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'] as const;

const POLICY = { name: 'Standard', rank: 1, when: {}, closeAfterBusinessDays: 3, reopenWithin: null, calendar: 'office' };
const defined = (noun: string, id: string, version: number, effectiveFrom: string, definition: object): Event => ({
  type: `${noun}Defined`,
  data: { id, version, effectiveFrom, definition },
});
const retired = (noun: string, id: string, effectiveFrom: string): Event => ({
  type: `${noun}Retired`,
  data: { id, effectiveFrom, reason: 'It is not needed any more' },
});
const version = (n: number, effectiveFrom: string, definition: object) => ({ version: n, effectiveFrom, definition });

describe('the view of what a site defines', () => {
  it('has a document for each definition, with everything that was said of it', () => {
    const stricter = { ...POLICY, closeAfterBusinessDays: 1 };
    given(
      ...recorded<Event>([defined('ClosurePolicy', 'standard', 1, JAN, POLICY), defined('ClosurePolicy', 'standard', 2, FEB, stricter)], {
        streamName: 'closure-policy-standard',
      }),
      ...recorded<Event>([defined('ClosurePolicy', 'a-b', 1, JAN, POLICY), retired('ClosurePolicy', 'a-b', MAR)], {
        streamName: 'closure-policy-a-b',
        position: 1_000n,
      }),
    ).thenDocuments({
      'closure-policy-standard': {
        path: 'closure-policies',
        id: 'standard',
        state: { versions: [version(1, JAN, POLICY), version(2, FEB, stricter)], retirements: [] },
      },
      'closure-policy-a-b': {
        path: 'closure-policies',
        id: 'a-b',
        state: { versions: [version(1, JAN, POLICY)], retirements: [{ version: 1, effectiveFrom: MAR }] },
      },
    });
  });

  it('has what happens to one beside its versions', () => {
    const ada = { name: 'Ada Lovelace', email: 'ada@example.org', language: 'en', timeZone: 'UTC', roles: [], skills: [] };
    const absent: Event = { type: 'PersonAbsent', data: { id: 'ada', absenceId: 'a1', from: FEB, to: MAR, reason: 'holiday' } };
    const timeline: PersonTimeline = {
      ...{ versions: [{ version: 1, effectiveFrom: JAN, definition: ada }], retirements: [] },
      absences: [{ absenceId: 'a1', from: FEB, to: MAR, reason: 'holiday' }],
    };
    given(...recorded<Event>([defined('Person', 'ada', 1, JAN, ada), absent], { streamName: 'person-ada' })).thenDocument('person-ada', {
      path: 'people',
      id: 'ada',
      state: timeline,
    });
  });

  it('takes every event of every kind, and no others', () => {
    expect(Object.keys(siteDefinitions.on).sort()).toEqual(DEFINITION_KINDS.flatMap(({ catalogue }) => catalogue.types).sort());
    expect(siteDefinitions.streamPrefixes).toEqual(DEFINITION_STREAM_PREFIXES);
  });

  it('is listed by kind, in the order of ids', () =>
    expect(definitionsPage('teams', { limit: 20 })).toMatchObject({
      collection: 'site_definitions',
      filter: { path: 'teams' },
      sort: { _id: 1 },
    }));
});
