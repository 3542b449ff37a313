import { describe, expect, it } from '@jest/globals';
import { backOffMs } from './back-off.js';

describe('backOffMs', () => {
  it('doubles from 0.1 s to 5 s', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 10_000].map((failures) => backOffMs(failures, () => 1));
    expect(longest).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });

  it('leaves half of it to chance', () => {
    expect([0, 0.5, 1].map((chance) => backOffMs(2, () => chance))).toEqual([100, 150, 200]);
  });
});
