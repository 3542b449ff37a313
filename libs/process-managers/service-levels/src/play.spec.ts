import { describe, expect, it } from '@jest/globals';
import { play } from './play.js';
import {
  acknowledged,
  dated,
  Desk,
  ms,
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
const gold = dated([
  EVER,
  policy({
    calendar: 'office',
    warnAt: [50, 90],
    entries: [
      {
        when: { priorities: ['P1'] },
        targets: { response: { amount: 15, unit: 'elapsed-minutes' }, resolution: { amount: 4, unit: 'business-hours' } },
      },
      {
        targets: {
          response: { amount: 1, unit: 'elapsed-hours' },
          update: { amount: 2, unit: 'business-days' },
          resolution: { amount: 2, unit: 'business-days' },
        },
      },
    ],
  }),
]);

const lived = (desk: Desk) =>
  desk
    .tell('2026-01-16T13:00Z', reported)
    .tell('2026-01-16T13:20Z', acknowledged)
    .tell('2026-01-16T16:00Z', onHold('vendor'))
    .tell('2026-01-19T11:00Z', resumed)
    .tell('2026-01-19T12:00Z', prioritized('P1'))
    .tell('2026-01-19T14:00Z', updated())
    .tell('2026-01-19T15:00Z', resolved)
    .tell('2026-01-20T10:00Z', reopened)
    .until('2026-01-25T00:00Z');

async function* asStream<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

describe('a draft policy', () => {
  it('does to a history what it would have done while it was lived', async () => {
    const desk = lived(new Desk({ gold }));
    // what the clocks said in fact is left out, and said again
    const played = await play(asStream(desk.history), desk.circumstances, ms('2026-01-25T00:00Z'));
    expect(played?.clocks).toEqual(desk.state?.clocks);
    expect(played?.clocks.some(({ breachedAt }) => breachedAt !== null)).toBe(true);
  });

  it('can be tried on a history that knew no clock at all', async () => {
    const desk = lived(new Desk({}));
    desk.policies = new Map([['gold', gold]]);
    const played = await play(asStream(desk.history), desk.circumstances, ms('2026-01-25T00:00Z'));
    expect(played?.clocks.map(({ clockId, breachedAt, isMet, isStopped }) => [clockId, breachedAt, isMet, isStopped])).toEqual(
      lived(new Desk({ gold })).state?.clocks.map(({ clockId, breachedAt, isMet, isStopped }) => [clockId, breachedAt, isMet, isStopped]),
    );
    expect(desk.history.some(({ type }) => type.startsWith('Sla'))).toBe(false);
  });

  it('ends where the play ends', async () => {
    const desk = new Desk({ gold }).tell('2026-01-16T13:00Z', reported);
    const played = await play(asStream(desk.history), desk.circumstances, ms('2026-01-16T13:30Z'));
    expect(played?.clocks.find(({ target }) => target === 'response')?.warned).toEqual([50]);
  });
});
