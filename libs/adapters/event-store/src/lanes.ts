/**
 * Lets so many tasks use each of these at a time; the others wait in line. A task gets the first one that has room, so that what is
 * further behind is not used before it is needed.
 */
export const lanes = <Shared>(all: readonly Shared[], width: number) => {
  const uses = all.map((shared) => ({ shared, tasks: 0 }));
  type Use = (typeof uses)[number];
  const line: ((use: Use) => void)[] = [];

  const enter = (): Use | Promise<Use> => {
    const free = uses.find(({ tasks }) => tasks < width);
    if (!free) return new Promise((resolve) => line.push(resolve));
    free.tasks++;
    return free;
  };

  return async <Result>(task: (shared: Shared) => Promise<Result>): Promise<Result> => {
    const entered = enter();
    const use = entered instanceof Promise ? await entered : entered;
    try {
      return await task(use.shared);
    } finally {
      // whoever leaves hands its place over, so that nobody can slip in between
      const next = line.shift();
      if (next) next(use);
      else use.tasks--;
    }
  };
};
