import { pageOf, readCursor, type Cursor, type Page, type PageRequest } from '#kernel';

/** Fields that a list is in the order of, the smallest first; together they tell its items apart. Null is smaller than all else. */
export type ListOrder = Readonly<Record<string, 1>>;

type Comparable = string | number | null;

const compared = (one: Comparable, other: Comparable): number => {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one < other ? -1 : 1;
};

/**
 * One page of a list that was worked out whole, in the order in which it is handed over.
 * @throws InvalidInput CURSOR_INVALID
 */
export const pageOfAll = <Item extends object>(order: ListOrder, all: readonly Item[], { limit, cursor }: PageRequest): Page<Item> => {
  if (cursor === undefined) return pageOf(order, limit, all);
  const end: Cursor = readCursor(order, cursor);
  const isBehind = (item: Item): boolean => {
    const differences = Object.keys(order).map((field, n) => compared(item[field as keyof Item] as Comparable, end[n] as Comparable));
    return (differences.find((difference) => difference !== 0) ?? 0) > 0;
  };
  return pageOf(order, limit, all.filter(isBehind));
};
