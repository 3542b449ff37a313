import { faultsText, InvalidInput } from '#kernel';

/**
 * Runs a check of a part of a request. What it refuses is refused with its fields called as the whole request has them.
 * @throws what the check throws
 */
export const withFieldsNamed = <T>(rename: (field: string) => string, check: () => T): T => {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const faults = error.faults.map(({ field, message }) => ({ field: rename(field), message }));
    throw new InvalidInput(
      error.code,
      error.message.replace(faultsText(error.faults), () => faultsText(faults)),
      faults,
    );
  }
};
