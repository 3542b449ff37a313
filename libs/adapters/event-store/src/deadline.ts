/** The promise's result, if it comes within so many milliseconds; else the error that `late` makes. */
export const within = async <Result>(ms: number, promise: Promise<Result>, late: () => Error): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
};
