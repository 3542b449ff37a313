import { describe, expect, it } from '@jest/globals';
import type { Message } from './message.js';
import { Progress } from './progress.js';

const message = (order: number, before: number): Message => ({
  ...{ id: String(order), position: order, order, before },
  ...{ isReplayed: false, isLive: false, pin: '', retries: 0 },
});

describe('progress', () => {
  it('is held back by the first message that is not done', () => {
    const progress = new Progress();
    // of a filtered source: what lies between these was not wanted
    const [a, b, c] = [message(10, 8), message(20, 19), message(30, 22)] as const;
    for (const each of [a, b, c]) progress.begin(each);
    expect([progress.through(40), progress.isIdle]).toEqual([8, false]);
    progress.settle(b);
    expect(progress.through(40)).toBe(8);
    progress.settle(a);
    expect(progress.through(40)).toBe(22);
    progress.settle(c);
    expect([progress.through(40), progress.isIdle, progress.settledCount]).toEqual([40, true, 3]);
  });

  it('counts a message once', () => {
    const progress = new Progress();
    const only = message(1, 0);
    progress.begin(only);
    progress.settle(only);
    progress.settle(only);
    expect(progress.settledCount).toBe(1);
    progress.reset();
    expect(progress.settledCount).toBe(0);
  });
});
