import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Rounds } from './rounds.js';
import type { Time } from './time.js';

/** Nobody sleeps: it is told until when somebody would have. */
const playedTime = (slept: number[]): Time => ({
  nowMs: () => 1_000,
  until: (instantMs) => {
    slept.push(instantMs);
    return Promise.resolve();
  },
});

/** Rounds that end with the last of these. */
const play = async (...rounds: (() => number | undefined)[]) => {
  const controller = new AbortController();
  const [slept, failed, listening] = [[] as number[], [] as string[], [] as number[]];
  const round = () => {
    listening.push(getEventListeners(controller.signal, 'abort').length);
    const next = rounds.shift();
    if (rounds.length === 0) controller.abort();
    return Promise.resolve().then(next);
  };
  const loop = new Rounds('lamps', round, playedTime(slept), { failed: (name, error) => failed.push(`${name}: ${String(error)}`) });
  await loop.run(controller.signal);
  return { slept, failed, listening, listeningAfterwards: getEventListeners(controller.signal, 'abort').length };
};

const fails = () => {
  throw new Error('dark');
};

describe('rounds', () => {
  it('sleep until when the one before said, or not at all', async () => {
    const { slept } = await play(
      () => 5_000,
      () => undefined,
      () => 7_000,
      () => 9_000,
    );
    expect(slept).toEqual([5_000, 7_000, 9_000]);
  });

  it('come ever later after failures, and at once after a success', async () => {
    const { slept, failed } = await play(
      fails,
      fails,
      () => 2_000,
      fails,
      () => 2_000,
    );
    expect(failed).toEqual(['lamps: Error: dark', 'lamps: Error: dark', 'lamps: Error: dark']);
    const [first = 0, second = 0, , third = 0] = slept.map((until) => until - 1_000);
    for (const [wait, most] of [[first, 100], [second, 200], [third, 100]] as const) {
      expect(wait).toBeGreaterThanOrEqual(most / 2);
      expect(wait).toBeLessThanOrEqual(most);
    } // prettier-ignore
  });

  it('end in the middle of a sleep', async () => {
    const controller = new AbortController();
    const asleep: Time = {
      nowMs: () => 0,
      until: (_, signal) => {
        queueMicrotask(() => controller.abort());
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    };
    await new Rounds('lamps', () => Promise.resolve(1e9), asleep, {}).run(controller.signal);
  });

  it('hold on to nothing of the process, however many there are', async () => {
    const { listening, listeningAfterwards } = await play(...Array.from({ length: 50 }, () => () => undefined));
    expect(new Set(listening)).toEqual(new Set([1]));
    expect(listeningAfterwards).toBe(0);
  });
});
