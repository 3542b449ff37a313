import { Unavailable } from '#kernel';

/** Whether it is what the embedded engines throw where their data is not as it was written; each has a class of that name. */
export const isDamage = (error: unknown): error is Error => (error as Error).name === 'DataDamaged';

/** @throws Unavailable DATA_FOLDER_DAMAGED in place of that */
export const tellingDamage = async <Result>(work: Promise<Result>): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new Unavailable('DATA_FOLDER_DAMAGED', error.message, { cause: error });
  }
};
