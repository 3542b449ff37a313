import { InvalidInput, type FieldFault } from './errors.js';

/** Finds everything that is wrong with a value from outside, each fault with the field it is in (`members[2]`); nothing where it is right. */
export type Check = (value: unknown, field: string) => readonly FieldFault[];

const fault = (field: string, message: string): FieldFault[] => [{ field, message }];

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value that passes a test; `expected` completes "is …" for one that does not. */
export const passing =
  (test: (value: unknown) => boolean, expected: string): Check =>
  (value, field) =>
    test(value) ? [] : fault(field, `is ${expected}`);

/** A text of a pattern. Patterns bound the length themselves. */
export const matching = (pattern: RegExp, expected: string): Check =>
  passing((value) => typeof value === 'string' && pattern.test(value), expected);

/** Control characters: line breaks and tabs among them. */
const CONTROL = /[\u0000-\u001f\u007f]/;

/** A text on one line that neither begins nor ends with a space: what two things are called can be compared. */
export const lineOf = (maxLength: number): Check =>
  passing(
    (value) => typeof value === 'string' && value !== '' && value.length <= maxLength && value.trim() === value && !CONTROL.test(value),
    `a text of 1 to ${maxLength} characters on one line, without spaces around it`,
  );

export const integerFrom = (min: number, max: number): Check =>
  passing(
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `a whole number from ${min} to ${max}`,
  );

export const oneOf = (values: readonly string[]): Check =>
  passing((value) => values.includes(value as string), `one of ${values.join(', ')}`);

export const isTrue: Check = passing((value) => value === true, 'true, or left out');

/** May be left out. */
export const optional =
  (check: Check): Check =>
  (value, field) =>
    value === undefined ? [] : check(value, field);

/** A list whose items all pass. */
export const listOf =
  (item: Check, { min = 0, max }: Readonly<{ min?: number; max: number }>): Check =>
  (value, field) =>
    Array.isArray(value) && value.length >= min && value.length <= max
      ? value.flatMap((each: unknown, n) => item(each, `${field}[${n}]`))
      : fault(field, min === 0 ? `is a list of up to ${max}` : `is a list of ${min} to ${max}`);

/** The items that an earlier one repeats; `key` is what makes two the same. */
export const faultsOfRepeats = <Item>(
  items: readonly Item[],
  key: (item: Item) => string,
  fieldOf: (n: number) => string,
): FieldFault[] => {
  const seen = new Set<string>();
  return items.flatMap((item, n) => {
    const own = key(item);
    if (seen.has(own)) return fault(fieldOf(n), `repeats ${own}`);
    seen.add(own);
    return [];
  });
};

/** A list of texts, each of them once. */
export const setOf =
  (item: Check, bounds: Readonly<{ min?: number; max: number }>): Check =>
  (value, field) => {
    const faults = listOf(item, bounds)(value, field);
    return faults.length > 0
      ? faults
      : faultsOfRepeats(
          value as string[],
          (each) => each,
          (n) => `${field}[${n}]`,
        );
  };

/** The fields of a record and what each may be, whole: the compiler asks for every one. */
export type Fields<T> = { readonly [Name in keyof T]-?: Check };

/** A record with these fields and no others. */
export const recordOf =
  <T>(fields: Fields<T>): Check =>
  (value, field) => {
    const known = Object.keys(fields);
    if (!isRecord(value)) return fault(field, `has ${known.join(', ')}`);
    const within = field === '' ? '' : `${field}.`;
    return [
      ...Object.keys(value)
        .filter((name) => !known.includes(name))
        .flatMap((name) => fault(`${within}${name}`, `is not known here: there is ${known.join(', ')}`)),
      ...Object.entries<Check>(fields).flatMap(([name, check]) =>
        check(Object.hasOwn(value, name) ? value[name] : undefined, `${within}${name}`),
      ),
    ];
  };

/** How a definition is read from a request or a file. */
export type Reading<T> = Readonly<{
  /** What a malformed one is refused with: `TEAM_INVALID`. */
  code: string;
  /** Completes "This is no …". */
  noun: string;
  fields: Fields<T>;
  /** What stands where nothing is said. */
  defaults?: Partial<T>;
  /** What its parts must be to each other: asked once each part is right by itself. */
  together?: (value: T) => readonly FieldFault[];
}>;

/**
 * Makes the reader of a definition. It answers with a copy of its own, the fields in their order.
 * @throws InvalidInput with the given code and every fault (the reader does)
 */
export const readerOf =
  <T>({ code, noun, fields, defaults = {}, together = () => [] }: Reading<T>) =>
  (input: unknown): T => {
    const given: Partial<T> = { ...defaults, ...(isRecord(input) ? input : {}) };
    const ofParts = recordOf(fields)(given, '');
    const faults = ofParts.length > 0 ? ofParts : together(given as T);
    if (faults.length > 0) {
      const all = faults.map(({ field, message }) => `${field} ${message}`).join('; ');
      throw new InvalidInput(code, `This is no ${noun}: ${all}`, faults);
    }
    const said = Object.keys(fields).flatMap((name) => (given[name as keyof T] === undefined ? [] : [[name, given[name as keyof T]]]));
    return structuredClone(Object.fromEntries(said)) as T;
  };
