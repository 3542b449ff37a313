import { describe, expect, it } from '@jest/globals';
import { judgeServiceLevels } from './judge.js';
import {
  acknowledged,
  cancelled,
  closed,
  dated,
  Desk,
  ms,
  note,
  officeHours,
  onHold,
  policy,
  prioritized,
  reopened,
  reported,
  resolved,
  resumed,
  updated,
} from './site.fixture.js';

const EVER = '2020-01-01T00:00:00Z';
const hours = (amount: number, unit = 'elapsed-hours') => ({ amount, unit });
const standard = (targets: object, more: object = {}) => new Desk({ standard: dated([EVER, policy({ entries: [{ targets }], ...more })]) });

describe('a clock', () => {
  it('starts with the report, warns at its shares, and is breached when its time is used up', () => {
    const desk = standard({ resolution: hours(4) }, { warnAt: [50, 75, 90] });
    desk.tell('2026-01-13T10:00Z', reported).until('2026-01-14T00:00Z');
    expect(desk.says()).toEqual([
      '01-13 10:00 started sla-resolution-1 due 01-13 14:00',
      '01-13 12:00 warned sla-resolution-1 50% due 01-13 14:00',
      '01-13 13:00 warned sla-resolution-1 75% due 01-13 14:00',
      '01-13 13:36 warned sla-resolution-1 90% due 01-13 14:00',
      '01-13 14:00 breached sla-resolution-1 due 01-13 14:00',
    ]);
  });

  it('is met at its last instant, and not behind it', () => {
    const met = standard({ resolution: hours(4) })
      .tell('2026-01-13T10:00Z', reported)
      .tell('2026-01-13T14:00:00.000Z', resolved);
    expect(met.says().at(-1)).toBe('01-13 14:00 met sla-resolution-1 due 01-13 14:00');
    const late = standard({ resolution: hours(4) })
      .tell('2026-01-13T10:00Z', reported)
      .tell('2026-01-13T14:00:00.001Z', resolved);
    expect(late.says().at(-1)).toBe('01-13 14:00 breached sla-resolution-1 due 01-13 14:00');
  });

  it('does not run on hold for a reason that pauses it, and does for any other', () => {
    const desk = standard({ resolution: hours(4) }).tell('2026-01-13T10:00Z', reported);
    desk.tell('2026-01-13T11:00Z', onHold('vendor')).tell('2026-01-15T11:00Z', resumed);
    expect(desk.says().slice(1)).toEqual(['01-15 11:00 rescheduled sla-resolution-1 resumed due 01-15 14:00']);
    desk.tell('2026-01-15T12:00Z', onHold('problem')).until('2026-01-16T00:00Z');
    expect(desk.says()).toEqual(['01-15 14:00 breached sla-resolution-1 due 01-15 14:00']);
  });

  it('runs again on reopening, where it stood', () => {
    const desk = standard({ resolution: hours(4) })
      .tell('2026-01-13T10:00Z', reported)
      .tell('2026-01-13T13:00Z', resolved);
    desk.tell('2026-01-20T13:00Z', reopened).until('2026-02-01T00:00Z');
    expect(desk.says()).toEqual([
      '01-13 10:00 started sla-resolution-1 due 01-13 14:00',
      '01-13 13:00 met sla-resolution-1 due 01-13 14:00',
      '01-20 13:00 rescheduled sla-resolution-1 reopened due 01-20 14:00',
      '01-20 14:00 breached sla-resolution-1 due 01-20 14:00',
    ]);
  });

  it('stops with the incident that is cancelled', () => {
    const desk = standard({ response: hours(1), resolution: hours(4) })
      .tell('2026-01-13T10:00Z', reported)
      .tell('2026-01-13T10:30Z', cancelled);
    expect(desk.says().slice(2)).toEqual([
      '01-13 10:30 stopped sla-response-1 cancelled',
      '01-13 10:30 stopped sla-resolution-1 cancelled',
    ]);
  });

  it('starts retroactively, and is late at once where it is', () => {
    const desk = standard({ response: hours(1), resolution: hours(4) });
    desk.tell('2026-01-13T10:00Z', reported, { recordedAt: '2026-01-13T12:00Z' });
    expect(desk.says()).toEqual([
      '01-13 10:00 started sla-response-1 due 01-13 11:00',
      '01-13 10:00 started sla-resolution-1 due 01-13 14:00',
      '01-13 11:00 breached sla-response-1 due 01-13 11:00',
    ]);
  });

  it('is of each kind that has a policy', () => {
    const desk = new Desk({
      gold: dated([EVER, policy({})]),
      house: dated([EVER, policy({ kind: 'ola', entries: [{ targets: { resolution: hours(3) } }] })]),
    });
    expect(desk.tell('2026-01-13T10:00Z', reported).says()).toEqual([
      '01-13 10:00 started sla-resolution-1 due 01-13 14:00',
      '01-13 10:00 started ola-resolution-1 due 01-13 13:00',
    ]);
  });

  it('is not of an incident that was brought from elsewhere', () => {
    const desk = standard({ resolution: hours(4) });
    desk.tell('2026-01-13T10:00Z', { ...reported, data: { ...reported.data, serviceLevelImported: true } }).until('2026-02-01T00:00Z');
    expect(desk.says()).toEqual([]);
  });

  it('has nothing to add to what it said', () => {
    const desk = standard({ response: hours(1), update: hours(2), resolution: hours(4) }, { warnAt: [50, 90] });
    desk.tell('2026-01-13T10:00Z', reported).tell('2026-01-13T10:20Z', acknowledged).until('2026-01-13T12:30Z');
    for (const instant of ['2026-01-13T12:30Z', '2026-01-13T13:00Z']) {
      desk.judge(ms(instant));
      expect(judgeServiceLevels(desk.state, desk.circumstances, ms(instant))).toEqual([]);
    }
  });
});

describe('the first response', () => {
  const desk = () => standard({ response: hours(1) }).tell('2026-01-13T10:00Z', reported);
  const met = (instant: string) => [`01-13 ${instant} met sla-response-1 due 01-13 11:00`];

  it('is an acknowledgement, a hold, a public note of ours, an update, or a resolution', () => {
    for (const answer of [acknowledged, onHold('caller'), note('public'), updated(), resolved]) {
      expect(desk().tell('2026-01-13T10:30Z', answer).says().slice(1)).toEqual(met('10:30'));
    }
  });

  it('is neither an internal note, nor what the reporter writes', () => {
    const waiting = desk().tell('2026-01-13T10:10Z', note('internal')).tell('2026-01-13T10:20Z', note('public'), { actor: 'bob' });
    expect(waiting.says().slice(1)).toEqual([]);
  });
});

describe('the next update', () => {
  it('is due again after each one, and no more once the incident is resolved', () => {
    const desk = standard({ update: hours(2) })
      .tell('2026-01-13T10:00Z', reported)
      .tell('2026-01-13T11:00Z', updated());
    desk.until('2026-01-13T14:00Z').tell('2026-01-13T14:30Z', updated()).tell('2026-01-13T15:00Z', resolved).until('2026-01-20T00:00Z');
    expect(desk.says()).toEqual([
      '01-13 10:00 started sla-update-1 due 01-13 12:00',
      '01-13 11:00 met sla-update-1 due 01-13 12:00',
      '01-13 11:00 started sla-update-2 due 01-13 13:00',
      '01-13 13:00 breached sla-update-2 due 01-13 13:00',
      '01-13 14:30 started sla-update-3 due 01-13 16:30',
      '01-13 15:00 met sla-update-3 due 01-13 16:30',
    ]);
  });

  it('is due when it was promised, whatever the policy says', () => {
    const desk = standard({ update: hours(2) })
      .tell('2026-01-13T10:00Z', reported)
      .tell('2026-01-13T11:00Z', updated('2026-01-13T11:30:00.000Z'));
    expect(desk.says().at(-1)).toBe('01-13 11:00 started sla-update-2 due 01-13 11:30');
  });

  it('is counted from the reopening on', () => {
    const desk = standard({ update: hours(2) })
      .tell('2026-01-13T10:00Z', reported)
      .tell('2026-01-13T11:00Z', resolved);
    desk.tell('2026-01-15T09:00Z', reopened);
    expect(desk.says().at(-1)).toBe('01-15 09:00 started sla-update-2 due 01-15 11:00');
  });
});

describe('a change of terms', () => {
  const byPriority = () =>
    policy({
      entries: [
        { when: { priorities: ['P1'] }, targets: { resolution: hours(2) } },
        { when: { priorities: ['P2'] }, targets: { resolution: hours(8) } },
      ],
    });

  it('of priority starts a new clock from the report on, and keeps the story of the old one', () => {
    const desk = new Desk({ standard: dated([EVER, byPriority()]) });
    desk.tell('2026-01-13T10:00Z', reported).tell('2026-01-13T10:00Z', prioritized('P2')).tell('2026-01-13T11:00Z', prioritized('P1'));
    desk.until('2026-01-14T00:00Z');
    expect(desk.says()).toEqual([
      '01-13 10:00 started sla-resolution-1 due 01-13 18:00',
      '01-13 11:00 stopped sla-resolution-1 superseded',
      '01-13 11:00 started sla-resolution-2 due 01-13 12:00',
      '01-13 12:00 breached sla-resolution-2 due 01-13 12:00',
    ]);
  });

  it('of priority to one that nothing is promised for stops the clock', () => {
    const desk = new Desk({ standard: dated([EVER, byPriority()]) });
    desk.tell('2026-01-13T10:00Z', reported).tell('2026-01-13T10:00Z', prioritized('P2')).tell('2026-01-13T11:00Z', prioritized('P4'));
    expect(desk.says().at(-1)).toBe('01-13 11:00 stopped sla-resolution-1 superseded');
  });

  it('that leaves the terms as they are starts nothing', () => {
    const desk = new Desk({ standard: dated([EVER, policy({})], ['2026-01-13T12:00:00Z', policy({ name: 'Another name' })]) });
    desk.tell('2026-01-13T10:00Z', reported).judge(ms('2026-01-13T12:30Z'));
    expect(desk.says()).toHaveLength(1);
  });

  it('retired, promises nothing any more', () => {
    const desk = standard({ resolution: hours(4) }).tell('2026-01-13T10:00Z', reported);
    const standing = desk.policies.get('standard') ?? dated<never>();
    desk.policies.set('standard', { ...standing, retirements: [{ version: 1, effectiveFrom: '2026-01-13T11:00:00Z' }] });
    desk.judge(ms('2026-01-13T11:00Z')).until('2026-01-14T00:00Z');
    expect(desk.says().slice(1)).toEqual(['01-13 11:00 stopped sla-resolution-1 superseded']);
  });

  it('takes the first policy by rank, and of it the first entry', () => {
    const desk = new Desk({
      fallback: dated([EVER, policy({ rank: 90, entries: [{ targets: { resolution: hours(9) } }] })]),
      mail: dated([
        EVER,
        policy({
          rank: 10,
          when: { services: ['mail'] },
          entries: [{ when: { priorities: ['P1'] }, targets: { resolution: hours(1) } }, { targets: { resolution: hours(5) } }],
        }),
      ]),
      other: dated([EVER, policy({ rank: 1, when: { services: ['web'] } })]),
    });
    expect(desk.tell('2026-01-13T10:00Z', reported).says()).toEqual(['01-13 10:00 started sla-resolution-1 due 01-13 15:00']);
  });
});

describe('what other products get wrong', () => {
  it('pause time is kept when the policy changes while it is pending', () => {
    const desk = new Desk({
      standard: dated([EVER, policy({})], ['2026-01-13T12:00:00Z', policy({ entries: [{ targets: { resolution: hours(6) } }] })]),
    });
    desk.tell('2026-01-13T10:00Z', reported).tell('2026-01-13T11:00Z', onHold('caller'));
    // somebody asks at the instant at which the new version holds
    desk.judge(ms('2026-01-13T12:00Z'));
    expect(desk.says().slice(1)).toEqual([
      '01-13 12:00 stopped sla-resolution-1 superseded',
      '01-13 12:00 started sla-resolution-2 due never',
    ]);
    // one hour was used before the hold; nothing of the two days on hold counts
    desk.tell('2026-01-15T11:00Z', resumed);
    expect(desk.says()).toEqual(['01-15 11:00 rescheduled sla-resolution-2 resumed due 01-15 16:00']);
  });

  it('a first response is not overwritten by an update', () => {
    const late = standard({ response: hours(1) })
      .tell('2026-01-13T10:00Z', reported)
      .tell('2026-01-13T11:30Z', acknowledged)
      .tell('2026-01-13T12:00Z', updated())
      .tell('2026-01-13T13:00Z', note('public'));
    expect(late.says().slice(1)).toEqual(['01-13 11:00 breached sla-response-1 due 01-13 11:00']);
    expect(late.state?.responded?.atMs).toBe(ms('2026-01-13T11:30Z'));
  });

  it('time in resolved is not counted as pending after a reopening', () => {
    const desk = standard({ resolution: hours(8, 'business-hours') }, { calendar: 'office' });
    desk.tell('2026-01-13T10:00Z', reported).tell('2026-01-13T11:00Z', onHold('caller')).tell('2026-01-13T12:00Z', resolved);
    // a week resolved, closed, and reopened: one hour is used, seven are left
    desk.tell('2026-01-15T12:00Z', closed).tell('2026-01-20T12:00Z', reopened);
    expect(desk.says().at(-1)).toBe('01-20 12:00 rescheduled sla-resolution-1 reopened due 01-21 11:00');
  });

  it('a weekend pending across a target of days takes nothing from it, and adds nothing', () => {
    const desk = standard({ resolution: hours(2, 'business-days') }, { calendar: 'office' });
    // Friday 13:00: half a day is used by its end, one and a half are left on Monday
    desk.tell('2026-01-16T13:00Z', reported).tell('2026-01-16T17:00Z', onHold('caller')).tell('2026-01-19T09:00Z', resumed);
    expect(desk.says()).toEqual([
      '01-16 13:00 started sla-resolution-1 due 01-20 13:00',
      '01-19 09:00 rescheduled sla-resolution-1 resumed due 01-20 13:00',
    ]);
  });

  it('one business day is not 24 business hours', () => {
    const of = (amount: number, unit: string) =>
      standard({ resolution: hours(amount, unit) }, { calendar: 'office' })
        .tell('2026-01-13T10:00Z', reported)
        .says()[0];
    expect(of(1, 'business-days')).toContain('due 01-14 10:00');
    expect(of(24, 'business-hours')).toContain('due 01-16 10:00');
    expect(of(24, 'elapsed-hours')).toContain('due 01-14 10:00');
  });

  it('a calendar that is edited later changes nothing already judged, and everything that is still to come', () => {
    const desk = standard({ response: hours(4, 'business-hours'), resolution: hours(16, 'business-hours') }, { calendar: 'office' });
    desk.tell('2026-01-13T10:00Z', reported).until('2026-01-13T16:00Z');
    expect(desk.says().at(-1)).toBe('01-13 14:00 breached sla-response-1 due 01-13 14:00');
    const before = structuredClone(desk.state?.clocks.find(({ target }) => target === 'response'));
    // also on the day that it was edited: the hours of the morning were used all the same
    const snow = ['2026-01-13', '2026-01-14'].map((date) => ({ date, name: 'Snow' }));
    const holiday = { ...officeHours, holidays: snow };
    desk.calendars.set('office', dated([EVER, officeHours], ['2026-01-13T16:00:00Z', holiday]));
    desk.judge(ms('2026-01-13T16:00Z'));
    expect(desk.says()).toEqual(['01-13 16:00 rescheduled sla-resolution-1 calendar-changed due 01-16 11:00']);
    expect(desk.state?.clocks.find(({ target }) => target === 'response')).toEqual(before);
  });

  it('a correction of when something happened moves the clocks that still run', () => {
    const desk = standard({ resolution: hours(4) })
      .tell('2026-01-13T10:00Z', reported)
      .tell('2026-01-13T11:00Z', onHold('caller'));
    desk.tell('2026-01-13T12:00Z', resumed);
    const wasNoonIsEleven = {
      type: 'FactCorrected',
      data: {
        eventId: 'e',
        eventRevision: 3,
        eventType: 'IncidentResumed',
        fact: 'occurredAt',
        was: null,
        is: '2026-01-13T11:30:00.000Z',
        reason: 'r',
        approvedBy: 'c',
      },
    } as const;
    desk.tell('2026-01-13T12:30Z', wasNoonIsEleven);
    expect(desk.says().at(-1)).toContain('due 01-13 14:30');
  });
});
