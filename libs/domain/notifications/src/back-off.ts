const FIRST_MS = 60_000;
/** The longest wait, in milliseconds: 8 hours. No more is waited where a receiver asks for it, either. */
export const LONGEST_WAIT_MS = 8 * 3_600_000;

/**
 * How long to wait after so many attempts (1 and more), in milliseconds: doubling from 1 minute to 8 hours, less up to a quarter by `jitter`
 * (0 to 1), so that those who failed together do not come back together. Twelve attempts take 18 to 25 hours.
 */
export const backOffMs = (attempts: number, jitter: number): number => {
  const most = Math.min(LONGEST_WAIT_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 30));
  return Math.round(most * (1 - jitter / 4));
};
