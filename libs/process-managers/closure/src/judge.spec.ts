import { describe, expect, it } from '@jest/globals';
import type { EffectiveDated } from '#kernel';
import { WorkingTime } from '#domain/calendars';
import type { IncidentEvent } from '#domain/incident';
import { JudgeDesk } from '#testing';
import {
  evolveClosure,
  judgeClosure,
  nextClosureInstant,
  reopenableUntil,
  type ClosureCircumstances,
  type IncidentClosure,
} from './judge.js';
import { parseClosurePolicy, type ClosurePolicy } from './policy.js';

const incidentId = 'INC0000001';
const HOURS = [{ from: '09:00', to: '17:00' }];
const week = { monday: HOURS, tuesday: HOURS, wednesday: HOURS, thursday: HOURS, friday: HOURS, saturday: [], sunday: [] };
const office = { name: 'Office', timeZone: 'UTC', week, exceptions: [], holidays: [] };

const dated = (...versions: (readonly [string, object])[]): EffectiveDated<ClosurePolicy> => ({
  versions: versions.map(([effectiveFrom, more], n) => ({
    version: n + 1,
    effectiveFrom,
    definition: parseClosurePolicy({ name: 'Standard', rank: 1, calendar: 'office', closeAfterBusinessDays: 3, ...more }),
  })),
  retirements: [],
});

const officeTime = new WorkingTime({ versions: [{ version: 1, effectiveFrom: '2020-01-01T00:00:00Z', definition: office }] });

/** One incident; its policy can be changed while it waits. */
class Desk extends JudgeDesk<IncidentClosure, IncidentEvent> {
  constructor(public policy: EffectiveDated<ClosurePolicy> | undefined) {
    super({
      evolve: evolveClosure,
      judge: (state, nowMs) => judgeClosure(state, this.circumstances, nowMs),
      next: nextClosureInstant,
      words: ({ type, data }, occurredAt) => {
        const { closesAt } = data as { closesAt?: string | null };
        return `${occurredAt.slice(5, 16)} ${type}${closesAt === undefined ? '' : ` ${closesAt?.slice(5, 16) ?? 'never'}`}`;
      },
    });
  }

  get circumstances(): ClosureCircumstances {
    return { policies: new Map(this.policy ? [['standard', this.policy]] : []), workingTime: () => officeTime, groupsOf: () => [] };
  }

  happens(instant: string, type: string, data: object = {}): this {
    return this.tell(instant, { type, data: { incidentId, ...data } } as IncidentEvent);
  }
}

const EVER = '2020-01-01T00:00:00Z';
const RESOLUTION = { code: 'solved', fix: 'fix', notes: null };
const deskWith = (policy: EffectiveDated<ClosurePolicy> | undefined) =>
  new Desk(policy).happens('2026-01-15T10:00Z', 'IncidentReported', { title: 'No mail', reporter: 'bob', channel: 'phone' });

describe('a resolution', () => {
  it('that nobody answers closes by itself after so many business days', () => {
    const desk = deskWith(dated([EVER, {}]))
      .happens('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION)
      .until('2026-03-01T00:00Z');
    expect(desk.said).toEqual(['01-15T12:00 ClosureScheduled 01-20T12:00', '01-20T12:00 IncidentClosed']);
  });

  it('is closed at its instant, however late somebody asks', () => {
    const desk = deskWith(dated([EVER, {}])).happens('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION);
    desk.judge('2026-02-01T00:00:00.000Z');
    expect(desk.said.at(-1)).toBe('01-20T12:00 IncidentClosed');
  });

  it('that is rejected waits for nothing any more', () => {
    const desk = deskWith(dated([EVER, {}])).happens('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION);
    desk.happens('2026-01-16T12:00Z', 'IncidentReopened', { cause: 'rejected', reason: 'No' }).until('2026-03-01T00:00Z');
    expect(desk.said).toHaveLength(1);
  });

  it('never closes by itself after 0 days, without a policy, or of a major incident', () => {
    const resolved = (desk: Desk) => desk.happens('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION).until('2026-03-01T00:00Z').said;
    expect(resolved(deskWith(dated([EVER, { closeAfterBusinessDays: 0 }])))).toEqual([]);
    expect(resolved(deskWith(undefined))).toEqual([]);
    const major = deskWith(dated([EVER, {}])).happens('2026-01-15T11:00Z', 'MajorIncidentDeclared', { incidentManager: 'im', reason: 'x' });
    expect(resolved(major)).toEqual([]);
  });

  it('follows the policy while it waits', () => {
    const desk = deskWith(dated([EVER, {}])).happens('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION);
    desk.policy = dated([EVER, {}], ['2026-01-16T00:00:00Z', { closeAfterBusinessDays: 5 }]);
    desk.judge('2026-01-16T00:00:00.000Z');
    desk.policy = { ...desk.policy, retirements: [{ version: 2, effectiveFrom: '2026-01-19T00:00:00Z' }] };
    desk.judge('2026-01-19T00:00:00.000Z').until('2026-03-01T00:00Z');
    expect(desk.said.slice(1)).toEqual(['01-16T00:00 ClosureScheduled 01-22T12:00', '01-19T00:00 ClosureScheduled never']);
  });
});

describe('a closed incident', () => {
  const closed = (more: object) =>
    deskWith(dated([EVER, more])).happens('2026-01-16T12:00Z', 'IncidentClosed', { code: 'solved', how: 'agent' });

  it('may be reopened for as long as the policy of its closure says', () => {
    const within = (more: object) => {
      const { state, circumstances } = closed(more);
      return reopenableUntil(state as IncidentClosure, circumstances);
    };
    expect(within({ reopenWithin: { amount: 2, unit: 'business-days' } })).toBe('2026-01-20T12:00:00.000Z');
    expect(within({ reopenWithin: { amount: 48, unit: 'elapsed-hours' } })).toBe('2026-01-18T12:00:00.000Z');
    expect(within({})).toBeNull();
  });
});
