/** Durations or costs of n incidents: mean to 3 decimals, median of the middle two, p90 by nearest rank. Nothing but n where there is none. */
export type StatisticsFigure = Readonly<{
  n: number;
  sum?: number;
  mean?: number;
  median?: number;
  p90?: number;
  min?: number;
  max?: number;
}>;
export type CountFigure = Readonly<{ count: number }>;
/** The rate has 6 decimals, and is null where nothing is included. */
export type RateFigure = Readonly<{ numerator: number; denominator: number; rate: number | null }>;
export type CostFigure = StatisticsFigure & Readonly<{ currency: string }>;
export type Figure = StatisticsFigure | CountFigure | RateFigure | CostFigure;

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));

/**
 * Statistics of these values; exact. Costs one sort.
 * @param values whole numbers, in any order
 */
export const statistics = (values: readonly number[]): StatisticsFigure => {
  const n = values.length;
  if (n === 0) return { n };
  const sorted = Float64Array.from(values).sort();
  const rank = (index: number) => sorted[index] as number;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    ...summary(n, sum),
    median: (rank((n - 1) >> 1) + rank(n >> 1)) / 2,
    p90: rank(Math.ceil(0.9 * n) - 1),
    min: rank(0),
    max: rank(n - 1),
  };
};

/** What can be told of n values from their sum alone. */
export const summary = (n: number, sum: number): StatisticsFigure => (n === 0 ? { n } : { n, sum, mean: rounded(sum / n, 3) });

export const rate = (numerator: number, denominator: number): RateFigure => ({
  numerator,
  denominator,
  rate: denominator === 0 ? null : rounded(numerator / denominator, 6),
});
