import { expect, it } from '@jest/globals';
import { lit, type LampEvent } from '#testing';
import { asIfRecorded, happened } from './decided.js';

const [NOW, EARLIER] = ['2026-01-05T09:00:00.000Z', '2026-01-05T08:00:00.000Z'];

it('what is decided happened now, or when it says', () => {
  expect(happened<LampEvent>(lit(40), NOW)).toEqual({ event: lit(40), occurredAt: NOW });
  expect(happened<LampEvent>({ event: lit(40), occurredAt: EARLIER }, NOW)).toEqual({ event: lit(40), occurredAt: EARLIER });
});

it('what is decided can be folded before it is recorded', () =>
  expect(asIfRecorded<LampEvent>({ event: lit(40), occurredAt: EARLIER }, NOW)).toEqual({
    ...lit(40),
    occurredAt: EARLIER,
    revision: -1n,
  }));
