const FIRST_MS = 100;
const MOST_MS = 5_000;

/**
 * How long to wait before the next attempt, in milliseconds: doubling from 0.1 s to 5 s, of which a random half, so that those who lost
 * the same engine do not all come back in the same moment.
 */
export const backOffMs = (failures: number, random: () => number = Math.random): number => {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 30));
  return most / 2 + (random() * most) / 2;
};
