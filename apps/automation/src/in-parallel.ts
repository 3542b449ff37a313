/** Does something for each of many, so many at a time. The first failure stops it once what was begun has ended. */
export const inParallel = async <Item>(items: readonly Item[], atATime: number, work: (item: Item) => Promise<void>): Promise<void> => {
  const queue = items.values();
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    for (const item of queue) {
      if (failure) return;
      await work(item).catch((error: unknown) => (failure ??= { error }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, worker));
  if (failure) throw failure.error;
};
