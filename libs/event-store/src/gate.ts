/** Lets so many through at a time; the others wait in line. */
export const gate = (width: number) => {
  const line: (() => void)[] = [];
  let inside = 0;

  return async <Result>(task: () => Promise<Result>): Promise<Result> => {
    if (inside < width) inside++;
    // whoever leaves hands its place over, so that nobody can slip in between
    else await new Promise<void>((enter) => line.push(enter));
    try {
      return await task();
    } finally {
      const next = line.shift();
      if (next) next();
      else inside--;
    }
  };
};
