import { describe, expect, it } from '@jest/globals';
import { lanes } from './lanes.js';

/** A task that ends when it is told to. */
const task = () => {
  let finish: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const end = new Promise<void>((resolve, reject) => ([finish, fail] = [resolve, reject]));
  return { run: () => end, finish, fail };
};

describe('lanes', () => {
  it('let so many in at a time, and the others in the order they came', async () => {
    const through = lanes(['only'], 2);
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

  it('are used one after the other: the next one where those before it are full', async () => {
    const through = lanes(['a', 'b'], 1);
    const tasks = Array.from({ length: 4 }, task);
    const started: string[] = [];
    const all = tasks.map(({ run }, n) => through((lane) => (started.push(`${n} by ${lane}`), run())));
    expect(started).toEqual(['0 by a', '1 by b']);
    tasks[1]?.finish();
    await all[1];
    expect(started).toEqual(['0 by a', '1 by b', '2 by b']);
    tasks.forEach(({ finish }) => finish());
    await Promise.all(all);
    await through(async (lane) => started.push(`4 by ${lane}`));
    expect(started.slice(3)).toEqual(['3 by a', '4 by a']);
  });

  it('hand on what a task answers, or how it failed, and free its place either way', async () => {
    const through = lanes(['only'], 1);
    const failing = task();
    const [failed, answered] = [through(failing.run), through(async () => 42)];
    failing.fail(new Error('no'));
    await expect(failed).rejects.toThrow('no');
    expect(await answered).toBe(42);
    expect(await through(async () => 43)).toBe(43);
  });
});
