import { list, named, object, position, type FieldsOf, type Schema } from './schema.js';

/** A page of a list, as it is answered: the `Link` header leads to the next one. */
export type PageAnswer<Item> = Readonly<{ position: string; items: readonly Item[] }>;

export const pageFields = <Item>(item: Schema<Item>): FieldsOf<PageAnswer<Item>> => ({
  position: position('Up to where in the log this is so.'),
  items: list(item),
});

export const pageOf = <Item>(called: string, item: Schema<Item>): Schema<PageAnswer<Item>> =>
  named(called, object<PageAnswer<Item>>(pageFields(item), 'A page; the `Link` header leads to the next one.'));
