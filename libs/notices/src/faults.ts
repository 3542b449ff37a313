import { InvalidInput, type FieldFault } from '#kernel';

export type Unknown = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null && !Array.isArray(value);

export const faultsOfText = (field: string, value: unknown, most: number): FieldFault[] =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most
    ? []
    : [{ field, message: `is a text of 1 to ${most} characters` }];

export const faultsOfStrangers = (field: string, value: Unknown, known: readonly string[]): FieldFault[] =>
  Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({ field: field ? `${field}.${name}` : name, message: `is not known here: there is ${known.join(', ')}` }));

/** @throws InvalidInput of this code where there is any fault; it names them all */
export const refuseFaulty = (code: string, what: string, faults: readonly FieldFault[]): void => {
  if (faults.length === 0) return;
  throw new InvalidInput(code, `${what}: ${faults.map(({ field, message }) => `${field} ${message}`).join('; ')}`, faults);
};

const LANGUAGE = /^[a-z]{2,3}(-[A-Z]{2})?$/;

/** Of the tags of BCP 47, those of a language and perhaps a country: `de`, `de-CH`. */
export const isLanguage = (value: unknown): value is string => typeof value === 'string' && LANGUAGE.test(value);
export const LANGUAGE_EXPECTED = 'is a language, perhaps of a country: as en, de or de-CH';
