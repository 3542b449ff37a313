/** One measured figure; of several rounds, the median. */
export type Figure = Readonly<{ value: number; unit: string }>;

export type Goal = Readonly<{ atLeast: number } | { atMost: number }>;

/** One row: the program's figure over the other one. `ratio` is the median of `ratios`, one a round. */
export type Compared = Readonly<{
  what: string;
  figure: Figure;
  against: string;
  otherFigure: Figure;
  ratio: number;
  ratios: readonly number[];
  goal: Goal;
  isMet: boolean;
}>;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low as number) + (high as number)) / 2;
};

type Comparison = Readonly<{
  what: string;
  against: string;
  unit: string;
  goal: Goal;
  rounds: number;
  /** Measures the program, then the other side; the figures of one round are compared with each other, and with no other round's. */
  round: (n: number) => Promise<readonly [figure: number, otherFigure: number]>;
}>;

/**
 * Measures both sides in turn, round after round: whatever else the machine does meets both, and the ratio of one round holds where neither
 * figure does.
 */
export const compare = async ({ what, against, unit, goal, rounds, round }: Comparison): Promise<Compared> => {
  const pairs: (readonly [number, number])[] = [];
  for (let n = 0; n < rounds; n++) pairs.push(await round(n));
  const ratios = pairs.map(([figure, other]) => figure / other);
  const ratio = median(ratios);
  return {
    what,
    figure: { value: median(pairs.map(([figure]) => figure)), unit },
    against,
    otherFigure: { value: median(pairs.map(([, other]) => other)), unit },
    ratio,
    ratios,
    goal,
    isMet: 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost,
  };
};

/** How long something takes, in seconds. */
export const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
};

/** Does something with every item, so many at a time; answers in the order of the items. */
export const inFlight = async <Item, Answer>(
  width: number,
  items: readonly Item[],
  call: (item: Item) => Promise<Answer>,
): Promise<Answer[]> => {
  const answers = new Array<Answer>(items.length);
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const n = next++;
      answers[n] = await call(items[n] as Item);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return answers;
};
