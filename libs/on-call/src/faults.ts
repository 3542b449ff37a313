import { InvalidInput, type FieldFault } from '#kernel';

export type Unknown = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with a text that somebody wrote; nothing where it says something, and not more than `most` characters. */
export const faultsOfText = (field: string, value: unknown, most: number): FieldFault[] =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most
    ? []
    : [{ field, message: `is a text of 1 to ${most} characters` }];

/** @throws InvalidInput with this code and every fault; `what` is what the input is not. */
export const refuseFaults = (code: string, what: string, faults: readonly FieldFault[]): void => {
  if (faults.length === 0) return;
  throw new InvalidInput(code, `This is no ${what}: ${faults.map(({ field, message }) => `${field} ${message}`).join('; ')}`, faults);
};
