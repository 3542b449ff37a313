import { beforeEach, describe, expect, it } from '@jest/globals';
import { collect, memoryLog } from '#testing';
import { numberCatalogue, numberSequence, Unavailable, type EventLog, type NumberSequence } from './index.js';

const STREAM = 'number-incident';
let log: EventLog;
beforeEach(() => {
  log = memoryLog({ catalogue: numberCatalogue });
});

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);
const take = (sequence: NumberSequence, count: number) => Promise.all(Array.from({ length: count }, () => sequence.next()));

describe('numberSequence', () => {
  it('counts from 1', async () => {
    const sequence = numberSequence(log, STREAM);
    expect([await sequence.next(), await sequence.next(), await sequence.next()]).toEqual([1, 2, 3]);
  });

  it('goes on where another process stopped', async () => {
    await take(numberSequence(log, STREAM), 5);
    expect(await numberSequence(log, STREAM).next()).toBe(6);
  });

  it('gives 1,000 callers in three processes 1,000 numbers without a gap', async () => {
    const sequences = [numberSequence(log, STREAM), numberSequence(log, STREAM), numberSequence(log, STREAM)];
    const numbers = await Promise.all(Array.from({ length: 1_000 }, (_, n) => (sequences[n % 3] as NumberSequence).next()));
    expect(sorted(numbers)).toEqual(upTo(1_000));
  });

  it('serves those who wait together with one append, and reserves nothing ahead', async () => {
    await take(numberSequence(log, STREAM), 100);
    const reservations = (await collect(log.readStream(STREAM))).map(({ data }) => data);
    expect(reservations).toEqual([{ from: 1, through: 100 }]);
  });

  it('hands out next what was given back, the lowest first', async () => {
    const sequence = numberSequence(log, STREAM);
    await take(sequence, 5);
    sequence.release(4);
    sequence.release(2);
    expect([await sequence.next(), await sequence.next(), await sequence.next()]).toEqual([2, 4, 6]);
  });

  it('takes what comes from elsewhere, and goes on behind it', async () => {
    const sequence = numberSequence(log, STREAM);
    await sequence.reserveThrough(1_000);
    await sequence.reserveThrough(10);
    expect(await sequence.next()).toBe(1_001);
    expect((await collect(log.readStream(STREAM))).map(({ data }) => data)).toEqual([
      { from: 1, through: 1_000 },
      { from: 1_001, through: 1_001 },
    ]);
  });

  it('hands out no number twice while others reserve', async () => {
    const [ours, theirs] = [numberSequence(log, STREAM), numberSequence(log, STREAM)];
    const [numbers] = await Promise.all([take(ours, 200), theirs.reserveThrough(150), ours.reserveThrough(300), take(theirs, 1)]);
    expect(new Set(numbers).size).toBe(200);
    expect(await ours.next()).toBeGreaterThan(300);
  });

  it('tells every caller when the log is away, and serves the next ones when it is back', async () => {
    let isAway = true;
    const away = new Unavailable('EVENT_STORE_UNAVAILABLE', 'away');
    const sequence = numberSequence({ ...log, append: (...append) => (isAway ? Promise.reject(away) : log.append(...append)) }, STREAM);
    const callers = Array.from({ length: 3 }, () => sequence.next());
    for (const caller of callers) await expect(caller).rejects.toBe(away);
    isAway = false;
    expect(await sequence.next()).toBe(1);
  });
});
