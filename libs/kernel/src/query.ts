import { InvalidInput } from './errors.js';

/** What MongoDB calls a filter, in its portable core: comparisons, `$in`, `$and`, `$or`. */
export type Filter = Readonly<Record<string, unknown>>;

/** Fields to sort by, in order; 1 ascending, -1 descending. */
export type SortSpec = Readonly<Record<string, 1 | -1>>;

/** One read of one collection of a view: pure data, which the adapter runs. */
export type FindSpec = Readonly<{
  /** The logical name, as the projection declares it. */
  collection: string;
  filter: Filter;
  sort: SortSpec;
  /** Most documents; absent: all, as a stream. */
  limit?: number;
  /** Only these fields; absent: whole documents. */
  fields?: Readonly<Record<string, 1>>;
}>;

type Scalar = string | number | boolean | null;

/** Where a page ended: the values of its last document, in the order of the sort, the id last. */
export type Cursor = readonly Scalar[];

/**
 * A page's end as an opaque token. It names the sort it belongs to, so that it cannot be used with another one.
 */
export const cursorToken = (sort: SortSpec, last: Readonly<Record<string, unknown>>): string => {
  const values = Object.keys(sort).map((field) => (last[field] ?? null) as Scalar);
  return Buffer.from(
    JSON.stringify([
      Object.entries(sort)
        .map(([field, direction]) => `${direction}${field}`)
        .join(),
      values,
    ]),
  ).toString('base64url');
};

const isScalar = (value: unknown): value is Scalar => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/**
 * The page's end that a token stands for.
 * @throws InvalidInput CURSOR_INVALID when it is not a token of this sort
 */
export const readCursor = (sort: SortSpec, token: string): Cursor => {
  const fields = Object.entries(sort);
  try {
    const [made, values] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [unknown, unknown];
    const belongs = made === fields.map(([field, direction]) => `${direction}${field}`).join();
    if (belongs && Array.isArray(values) && values.length === fields.length && values.every(isScalar)) return values;
  } catch {
    // not even JSON: refused below, as any other stranger
  }
  throw new InvalidInput('CURSOR_INVALID', 'This cursor belongs to no such list', [
    { field: 'cursor', message: 'The cursor of the Link header of the page before, with the same sort' },
  ]);
};

/** Behind a value in one direction. MongoDB sorts null first, and `$gt`/`$lt` compare only values of one type: null is told apart. */
const behind = (field: string, value: Scalar, direction: 1 | -1): Filter | undefined => {
  if (direction === 1) return value === null ? { [field]: { $ne: null } } : { [field]: { $gt: value } };
  return value === null ? undefined : { $or: [{ [field]: { $lt: value } }, { [field]: null }] };
};

/**
 * What lies behind a page's end: the documents that agree on the first fields and lie behind it in the next one, for each field in turn.
 * The sort must end in a field that is unique (`_id`), so that pages neither overlap nor skip.
 */
export const behindCursor = (sort: SortSpec, cursor: Cursor): Filter => {
  const alike: Record<string, Scalar> = {};
  const branches: Filter[] = [];
  Object.entries(sort).forEach(([field, direction], n) => {
    const value = cursor[n] as Scalar;
    const next = behind(field, value, direction);
    if (next) branches.push({ ...alike, ...next });
    alike[field] = value;
  });
  return branches.length === 1 ? (branches[0] as Filter) : { $or: branches };
};

/** One page of a list: what was asked for, in which order, from where. */
export type PageRequest = Readonly<{ limit: number; cursor?: string }>;

/** The read of one page. It asks for one document more than the page holds, which tells whether there is a next one. */
export const pageSpec = (spec: Omit<FindSpec, 'limit'>, { limit, cursor }: PageRequest): FindSpec => {
  const end = cursor === undefined ? undefined : behindCursor(spec.sort, readCursor(spec.sort, cursor));
  const filter = end ? (Object.keys(spec.filter).length === 0 ? end : { $and: [spec.filter, end] }) : spec.filter;
  return { ...spec, filter, limit: limit + 1 };
};

/** A page as it was read: at most `limit` documents, and the cursor of the next page where there is one. */
export type Page<Document> = Readonly<{ items: readonly Document[]; next?: string }>;

export const pageOf = <Document extends object>(sort: SortSpec, limit: number, read: readonly Document[]): Page<Document> => {
  const items = read.slice(0, limit);
  const last = items.at(-1);
  return read.length > limit && last ? { items, next: cursorToken(sort, last as Record<string, unknown>) } : { items };
};
