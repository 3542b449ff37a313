import { describe, expect, it } from '@jest/globals';
import type { EffectiveDated, EventMetadata, Recorded } from '#kernel';
import { WorkingTime } from '#calendars';
import type { IncidentEvent } from '#incident';
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
const ms = (text: string) => Date.parse(text);
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

class Desk {
  state: IncidentClosure | undefined;
  readonly said: string[] = [];
  #revision = 0n;
  constructor(public policy: EffectiveDated<ClosurePolicy> | undefined) {}

  get circumstances(): ClosureCircumstances {
    const time = new WorkingTime({ versions: [{ version: 1, effectiveFrom: '2020-01-01T00:00:00Z', definition: office }] });
    return { policies: new Map(this.policy ? [['standard', this.policy]] : []), workingTime: () => time, groupsOf: () => [] };
  }

  until(instant: string): this {
    for (;;) {
      const next = this.state && nextClosureInstant(this.state);
      if (next === undefined || ms(next) > ms(instant)) return this;
      this.judge(next);
    }
  }

  tell(instant: string, type: string, data: object = {}): this {
    this.until(new Date(ms(instant) - 1).toISOString());
    this.#record({ type, data: { incidentId, ...data } } as IncidentEvent, new Date(ms(instant)).toISOString());
    return this.judge(instant);
  }

  judge(instant: string): this {
    for (const verdict of judgeClosure(this.state, this.circumstances, ms(instant))) {
      const { event, occurredAt } = 'event' in verdict ? verdict : { event: verdict, occurredAt: instant };
      this.#record(event, occurredAt);
      const { closesAt } = event.data as { closesAt?: string | null };
      this.said.push(`${occurredAt.slice(5, 16)} ${event.type}${closesAt === undefined ? '' : ` ${closesAt?.slice(5, 16) ?? 'never'}`}`);
    }
    expect(judgeClosure(this.state, this.circumstances, ms(instant))).toEqual([]);
    return this;
  }

  #record(event: IncidentEvent, occurredAt: string): void {
    const metadata = { actor: { kind: 'person', id: 'agent' } } as EventMetadata;
    this.state = evolveClosure(this.state, {
      ...event,
      occurredAt,
      revision: this.#revision++,
      metadata,
    } as unknown as Recorded<IncidentEvent>);
  }
}

const EVER = '2020-01-01T00:00:00Z';
const RESOLUTION = { code: 'solved', fix: 'fix', notes: null };
const deskWith = (policy: EffectiveDated<ClosurePolicy> | undefined) =>
  new Desk(policy).tell('2026-01-15T10:00Z', 'IncidentReported', { title: 'No mail', reporter: 'bob', channel: 'phone' });

describe('a resolution', () => {
  it('that nobody answers closes by itself after so many business days', () => {
    const desk = deskWith(dated([EVER, {}]))
      .tell('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION)
      .until('2026-03-01T00:00Z');
    expect(desk.said).toEqual(['01-15T12:00 ClosureScheduled 01-20T12:00', '01-20T12:00 IncidentClosed']);
  });

  it('is closed at its instant, however late somebody asks', () => {
    const desk = deskWith(dated([EVER, {}])).tell('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION);
    desk.judge('2026-02-01T00:00:00.000Z');
    expect(desk.said.at(-1)).toBe('01-20T12:00 IncidentClosed');
  });

  it('that is rejected waits for nothing any more', () => {
    const desk = deskWith(dated([EVER, {}])).tell('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION);
    desk.tell('2026-01-16T12:00Z', 'IncidentReopened', { cause: 'rejected', reason: 'No' }).until('2026-03-01T00:00Z');
    expect(desk.said).toHaveLength(1);
  });

  it('never closes by itself after 0 days, without a policy, or of a major incident', () => {
    const resolved = (desk: Desk) => desk.tell('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION).until('2026-03-01T00:00Z').said;
    expect(resolved(deskWith(dated([EVER, { closeAfterBusinessDays: 0 }])))).toEqual([]);
    expect(resolved(deskWith(undefined))).toEqual([]);
    const major = deskWith(dated([EVER, {}])).tell('2026-01-15T11:00Z', 'MajorIncidentDeclared', { incidentManager: 'im', reason: 'x' });
    expect(resolved(major)).toEqual([]);
  });

  it('follows the policy while it waits', () => {
    const desk = deskWith(dated([EVER, {}])).tell('2026-01-15T12:00Z', 'IncidentResolved', RESOLUTION);
    desk.policy = dated([EVER, {}], ['2026-01-16T00:00:00Z', { closeAfterBusinessDays: 5 }]);
    desk.judge('2026-01-16T00:00:00.000Z');
    desk.policy = { ...desk.policy, retirements: [{ version: 2, effectiveFrom: '2026-01-19T00:00:00Z' }] };
    desk.judge('2026-01-19T00:00:00.000Z').until('2026-03-01T00:00Z');
    expect(desk.said.slice(1)).toEqual(['01-16T00:00 ClosureScheduled 01-22T12:00', '01-19T00:00 ClosureScheduled never']);
  });
});

describe('a closed incident', () => {
  const closed = (more: object) =>
    deskWith(dated([EVER, more])).tell('2026-01-16T12:00Z', 'IncidentClosed', { code: 'solved', how: 'agent' });

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

describe('a closure policy that is none', () => {
  it.each([
    [{ closeAfterBusinessDays: -1 }, ['closeAfterBusinessDays']],
    [{ closeAfterBusinessDays: 366 }, ['closeAfterBusinessDays']],
    [{ calendar: null }, ['calendar']],
    [{ closeAfterBusinessDays: 0, calendar: null }, []],
    [{ closeAfterBusinessDays: 0, calendar: null, reopenWithin: { amount: 3, unit: 'business-days' } }, ['calendar']],
    [{ reopenWithin: { amount: 0, unit: 'days' } }, ['reopenWithin.amount', 'reopenWithin.unit']],
    [{ when: 7 }, ['when']],
    [{ colour: 1 }, ['colour']],
  ])('%j is told what is wrong with it', (input, expected) => {
    const faults = () => {
      try {
        parseClosurePolicy({ name: 'x', rank: 1, calendar: 'office', closeAfterBusinessDays: 3, ...input });
      } catch (error) {
        return (error as { faults: { field: string }[] }).faults.map(({ field }) => field);
      }
      return [];
    };
    expect(faults()).toEqual(expected);
  });
});
