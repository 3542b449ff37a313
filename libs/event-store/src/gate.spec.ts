import { describe, expect, it } from '@jest/globals';
import { gate } from './gate.js';

/** A task that ends when it is told to. */
const task = () => {
  let finish: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const end = new Promise<void>((resolve, reject) => ([finish, fail] = [resolve, reject]));
  return { run: () => end, finish, fail };
};

describe('gate', () => {
  it('lets so many in at a time, and the others in the order they came', async () => {
    const through = gate(2);
    const tasks = Array.from({ length: 5 }, task);
    const started: number[] = [];
    const all = tasks.map(({ run }, n) => through(() => (started.push(n), run())));
    expect(started).toEqual([0, 1]);
    tasks[1]?.finish();
    await all[1];
    expect(started).toEqual([0, 1, 2]);
    tasks[0]?.finish();
    tasks[2]?.finish();
    await Promise.all([all[0], all[2]]);
    expect(started).toEqual([0, 1, 2, 3, 4]);
    tasks.forEach(({ finish }) => finish());
    await Promise.all(all);
  });

  it('hands on what a task answers, or how it failed, and frees its place either way', async () => {
    const through = gate(1);
    const failing = task();
    const [failed, answered] = [through(failing.run), through(async () => 42)];
    failing.fail(new Error('no'));
    await expect(failed).rejects.toThrow('no');
    expect(await answered).toBe(42);
    expect(await through(async () => 43)).toBe(43);
  });
});
