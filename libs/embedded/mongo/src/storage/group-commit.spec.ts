import { describe, expect, it } from '@jest/globals';
import { CommandError } from '../errors.js';
import { GroupCommit } from './group-commit.js';

/** A store that keeps what its transactions wrote, and tells how many there were. */
const fakeStore = () => {
  const state = { durable: [] as string[], working: [] as string[], transactions: 0, undone: 0, failNext: undefined as Error | undefined };
  const commit = new GroupCommit({
    transaction: async (work) => {
      state.working = [...state.durable];
      work();
      await new Promise((resolve) => setImmediate(resolve));
      state.transactions++;
      const failure = state.failNext;
      state.failNext = undefined;
      if (failure) throw failure;
      state.durable = state.working;
    },
    beforeCommit: () => undefined,
    committed: () => undefined,
    undone: () => void state.undone++,
  });
  return { state, commit, put: (text: string) => commit.write(() => void state.working.push(text)) };
};

describe('group commit', () => {
  it('brings all that waits to disk together, and answers only then', async () => {
    const { state, put } = fakeStore();
    const first = put('a');
    const together = Promise.all(['b', 'c', 'd'].map(put));
    await first;
    expect(state.durable).toEqual(['a', 'b', 'c', 'd']);
    await together;
    expect(state.transactions).toBe(1);
    const waiting = put('e');
    expect(state.durable).not.toContain('e');
    await waiting;
    expect(state.durable).toContain('e');
  });

  it('begins anew for who writes as soon as he is answered', async () => {
    const { state, put } = fakeStore();
    for (let n = 0; n < 20; n++) await put(String(n));
    expect(state.durable).toHaveLength(20);
  });

  it('tells a refusal to whom it concerns', async () => {
    const { state, commit, put } = fakeStore();
    const refused = commit.write(() => {
      throw new CommandError('BadValue', 'no');
    });
    const others = Promise.all([put('a'), put('b')]);
    await expect(refused).rejects.toThrow('no');
    await others;
    expect(state.durable).toEqual(['a', 'b']);
    expect(state.undone).toBe(0);
  });

  it('undoes a group in which a write failed half-way, and does the others again', async () => {
    const { state, commit, put } = fakeStore();
    const before = put('a');
    const failing = commit.write(() => {
      state.working.push('half');
      throw new TypeError('a defect');
    });
    const after = put('b');
    await expect(failing).rejects.toThrow('a defect');
    await Promise.all([before, after]);
    expect(state.durable).toEqual(['a', 'b']);
    expect(state.undone).toBe(1);
  });

  it('tells everybody of a commit that failed, and goes on', async () => {
    const { state, put } = fakeStore();
    state.failNext = new Error('the disk is full');
    const failed = await Promise.allSettled([put('a'), put('b')]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await put('c');
    expect(state.durable).toEqual(['c']);
  });
});
