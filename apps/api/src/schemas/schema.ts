import { NAME } from '#domain/incident';

/** JSON Schema 2020-12, as OpenAPI 3.1 has it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a value in an answer is like. The compiler holds it to the type of that value: a schema takes every value of its type, and may take
 * more. So a field that the code leaves out or sets to null cannot be described as one that is always there.
 */
export type Schema<T> = Readonly<{
  json: JsonSchema;
  /** A field that may be absent. */
  isOptional?: true;
  /** For the compiler alone: what a schema takes, it takes as a function takes its argument. */
  takes?: (value: T) => void;
}>;

/** The type whose values a schema describes: what a route that answers with it returns. */
export type AnswerOf<Described> = Described extends Schema<infer Value> ? Value : never;

/** The fields of an object, each with its schema. */
export type FieldsOf<T> = { readonly [Field in keyof T]-?: Schema<T[Field]> };

/** What is left out stays out: a schema is written down as it is read. */
const schema = <T>(json: JsonSchema): Schema<T> => ({
  json: Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined)),
});

const INSTANT = '2026-01-31T08:00:00.000Z';

type TextBounds = Readonly<{ maxLength?: number; pattern?: string; example?: string }>;

export const text = (about?: string, { example, ...bounds }: TextBounds = {}): Schema<string> =>
  schema({ type: 'string', ...bounds, description: about, examples: example === undefined ? undefined : [example] });

/** What something is called: people, teams, services, codes. */
export const name = (about?: string, example?: string): Schema<string> => text(about, { maxLength: NAME.max, example });

/** ISO 8601, UTC. */
export const instant = (about?: string): Schema<string> =>
  schema({ type: 'string', format: 'date-time', description: about, examples: [INSTANT] });

/** A place in the log, as text: it is larger than a double holds exactly. */
export const position = (about?: string): Schema<string> => text(about, { pattern: '^(-1|\\d{1,19})$', example: '4711' });

/** A whole number; not below 0, where nothing else is said. */
export const whole = (about?: string, { minimum = 0, maximum }: Readonly<{ minimum?: number; maximum?: number }> = {}): Schema<number> =>
  schema({ type: 'integer', minimum, maximum, description: about });

/** A whole number that may be below 0. */
export const wholeOrLess = (about?: string): Schema<number> => schema({ type: 'integer', description: about });

export const number = (about?: string): Schema<number> => schema({ type: 'number', description: about });

export const flag = (about?: string): Schema<boolean> => schema({ type: 'boolean', description: about });

export const oneOf = <const Word extends string>(words: readonly Word[], about?: string): Schema<Word> =>
  schema({ type: 'string', enum: [...words], description: about });

/** Any JSON value at all: what it is follows from what it is about. */
export const anything = (about: string): Schema<unknown> =>
  schema({ type: ['object', 'array', 'string', 'number', 'boolean', 'null'], description: about });

/** An object whose fields depend on what it is about. */
export const anyObject = (about: string): Schema<unknown> => schema({ type: 'object', additionalProperties: true, description: about });

export const list = <Item>(item: Schema<Item>, about?: string, maxItems?: number): Schema<readonly Item[]> =>
  schema({ type: 'array', items: item.json, maxItems, description: about });

/** Values by key, where the keys are the data's. */
export const tableOf = <Value>(value: Schema<Value>, about?: string): Schema<Readonly<Record<string, Value>>> =>
  schema({ type: 'object', additionalProperties: value.json, description: about });

/** `null` is none, or not known. */
export const nullable = <T>({ json }: Schema<T>): Schema<T | null> => {
  if (typeof json.type !== 'string') return schema({ anyOf: [json, { type: 'null' }] });
  return schema({ ...json, type: [json.type, 'null'], enum: Array.isArray(json.enum) ? [...(json.enum as unknown[]), null] : undefined });
};

/** It may be absent. */
export const optional = <T>({ json }: Schema<T>): Schema<T | undefined> => ({ json, isOptional: true });

/** An object with these fields. Others may come in a later version: whoever reads it passes over what it does not know. */
export const object = <T extends object>(fields: FieldsOf<T>, about?: string): Schema<T> => {
  const all = Object.entries<Schema<never>>(fields);
  const required = all.filter(([, { isOptional }]) => !isOptional).map(([field]) => field);
  return schema({
    type: 'object',
    properties: Object.fromEntries(all.map(([field, { json }]) => [field, json])),
    required: required.length > 0 ? required : undefined,
    description: about,
  });
};

/** One of several, told apart by what fields they have. */
export const anyOf = <T>(members: readonly Schema<never>[], about: string): Schema<T> =>
  schema({ anyOf: members.map(({ json }) => json), description: about });

/** One of several named ones, told apart by the value of one field. */
export const taggedBy = <T>(field: string, members: Readonly<Record<string, Schema<never>>>, about: string): Schema<T> => {
  const mapping = Object.fromEntries(Object.entries(members).map(([tag, { json }]) => [tag, json.$ref]));
  return schema({
    oneOf: Object.values(members).map(({ json }) => json),
    discriminator: { propertyName: field, mapping },
    description: about,
  });
};

const components = new Map<string, JsonSchema>();

/** A named schema, which may be one that speaks of itself. */
export const reference = <T>(called: string): Schema<T> => schema({ $ref: `#/components/schemas/${called}` });

/** Gives a schema a name of its own in the document: generated clients call its type so. */
export const named = <T>(called: string, { json }: Schema<T>): Schema<T> => {
  if (components.has(called)) throw new Error(`Two schemas are called ${called}`);
  components.set(called, json);
  return reference(called);
};

/** Every named schema of the modules that have been loaded, by name. */
export const namedSchemas = (): Readonly<Record<string, JsonSchema>> => Object.fromEntries(components);
