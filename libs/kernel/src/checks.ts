import { faultsText, InvalidInput, type FieldFault } from './errors.js';

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

/** A text that says something: spaces alone say nothing. It may have several lines. */
export const textOf = (maxLength: number): Check =>
  passing(
    (value) => typeof value === 'string' && value.trim() !== '' && value.length <= maxLength,
    `a text of 1 to ${maxLength} characters`,
  );

export const integerFrom = (min: number, max: number): Check =>
  passing(
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `a whole number from ${min} to ${max}`,
  );

export const oneOf = (values: readonly string[]): Check =>
  passing((value) => values.includes(value as string), `one of ${values.join(', ')}`);

export const isTrue: Check = passing((value) => value === true, 'true, or left out');

export const isBoolean: Check = passing((value) => typeof value === 'boolean', 'true or false');

/** May be left out. */
export const optional =
  (check: Check): Check =>
  (value, field) =>
    value === undefined ? [] : check(value, field);

/** May be `null`. */
export const orNull =
  (check: Check): Check =>
  (value, field) =>
    value === null
      ? []
      : check(value, field).map((found) => (found.field === field ? { field, message: `${found.message}, or null` } : found));

/** What passes a check and then, right by itself, another one that takes that for granted. */
export const andThen =
  <T>(check: Check, further: (value: T, field: string) => readonly FieldFault[]): Check =>
  (value, field) => {
    const faults = check(value, field);
    return faults.length > 0 ? faults : further(value as T, field);
  };

/** The same check in words of its own: what is wrong with any part is told of the whole. `expected` completes "is …". */
export const inWords = (check: Check, expected: string): Check => passing((value) => check(value, '').length === 0, expected);

/** How long a list may be. */
type Bounds = Readonly<{ min?: number; max: number }>;

/** A list whose items all pass; `n` is the number of an item, from 0, where not all of them are alike. */
export const listOf =
  (item: (value: unknown, field: string, n: number) => readonly FieldFault[], { min = 0, max }: Bounds): Check =>
  (value, field) =>
    Array.isArray(value) && value.length >= min && value.length <= max
      ? value.flatMap((each: unknown, n) => item(each, `${field}[${n}]`, n))
      : fault(field, min === 0 ? `is a list of up to ${max}` : `is a list of ${min} to ${max}`);

/** What makes two items of a list the same: their texts, or those of the field `by` of each; `alike` says what of a text counts. */
type Sameness = Readonly<{ by?: string; alike?: (text: string) => string }>;

/** A list whose items all pass, each of them once. */
export const setOf =
  (item: Check, { by, alike = (text) => text, ...bounds }: Bounds & Sameness): Check =>
  (value, field) => {
    const seen = new Set<string>();
    const once: Check = (each, at) => {
      const faults = item(each, at);
      const [text, place] = by === undefined ? [each, at] : [isRecord(each) ? each[by] : undefined, `${at}.${by}`];
      if (typeof text !== 'string' || faults.some((found) => found.field === place)) return faults;
      const repeats = seen.has(alike(text)) ? fault(place, `repeats ${text}`) : [];
      seen.add(alike(text));
      return [...repeats, ...faults];
    };
    return listOf(once, bounds)(value, field);
  };

/** Most words of a list in which one may come more than once. */
const MOST_WORDS = 200;

/** A list of some of these words, each of them once unless `repeats`; what is wrong with one is told of the whole list. */
export const someOf = (
  words: readonly string[],
  { min = 0, repeats = false }: Readonly<{ min?: number; repeats?: boolean }> = {},
): Check =>
  repeats
    ? inWords(listOf(oneOf(words), { min, max: MOST_WORDS }), `a list of some of ${words.join(', ')}`)
    : inWords(setOf(oneOf(words), { min, max: words.length }), `a list of some of ${words.join(', ')}, each of them once`);

/** The fields of a record and what each may be, whole: the compiler asks for every one. */
export type Fields<T> = { readonly [Name in keyof T]-?: Check };

/** The fields of a record that has the same under each of these names. */
export const eachOf = <Name extends string>(names: readonly Name[], check: Check): Readonly<Record<Name, Check>> =>
  Object.fromEntries(names.map((name) => [name, check])) as Record<Name, Check>;

/** How the name of a field of a record goes on behind that of the record; the whole input has no name. */
export const fieldIn = (field: string, name: string): string => (field === '' ? name : `${field}.${name}`);

/** A record with these fields and no others. */
export const recordOf =
  <T>(fields: Fields<T>): Check =>
  (value, field) => {
    const known = Object.keys(fields);
    if (!isRecord(value)) return fault(field, `has ${known.join(', ')}`);
    return [
      ...Object.keys(value)
        .filter((name) => !known.includes(name))
        .flatMap((name) => fault(fieldIn(field, name), `is not known here: there is ${known.join(', ')}`)),
      ...Object.entries<Check>(fields).flatMap(([name, check]) =>
        check(Object.hasOwn(value, name) ? value[name] : undefined, fieldIn(field, name)),
      ),
    ];
  };

/** The same, told field by field where there is none: what is no record lacks them all. */
export const partsOf =
  <T>(fields: Fields<T>): Check =>
  (value, field) =>
    recordOf(fields)(isRecord(value) ? value : {}, field);

/** A record of one of several shapes, each with fields of its own: the field `tag` names the shape. */
export const variantOf =
  (tag: string, shapes: Readonly<Record<string, Readonly<Record<string, Check>>>>): Check =>
  (value, field) => {
    const shape = isRecord(value) ? value[tag] : undefined;
    const isShape = andThen(oneOf(Object.keys(shapes)), (known: string) => recordOf({ [tag]: () => [], ...shapes[known] })(value, field));
    return isShape(shape, fieldIn(field, tag));
  };

/** A record of up to `max` names, each of them and what it stands for passing. */
export const mapOf =
  (name: Check, item: Check, { max }: Readonly<{ max: number }>): Check =>
  (value, field) =>
    isRecord(value) && Object.keys(value).length <= max
      ? Object.entries(value).flatMap(([key, each]) => [...name(key, fieldIn(field, key)), ...item(each, fieldIn(field, key))])
      : fault(field, `is a table of up to ${max}`);

/**
 * Refuses what has any fault; `sentence` says of the whole what is wrong with it.
 * @throws InvalidInput with the given code and every fault
 */
export const refuseFaulty = (code: string, sentence: string, faults: readonly FieldFault[]): void => {
  if (faults.length > 0) throw new InvalidInput(code, `${sentence}: ${faultsText(faults)}`, faults);
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
    const said = isRecord(input) ? input : {};
    const unsaid = Object.entries(defaults).filter(([name]) => said[name] === undefined);
    const given = { ...said, ...Object.fromEntries(unsaid) } as Partial<T>;
    refuseFaulty(code, `This is no ${noun}`, andThen(recordOf(fields), together)(given, ''));
    const own = Object.keys(fields).flatMap((name) => (given[name as keyof T] === undefined ? [] : [[name, given[name as keyof T]]]));
    return structuredClone(Object.fromEntries(own)) as T;
  };
