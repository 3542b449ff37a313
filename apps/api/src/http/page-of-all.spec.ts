import { describe, expect, it } from '@jest/globals';
import { pageOfAll } from './page-of-all.js';

const ORDER = { from: 1, schedule: 1 } as const;
const all = ['1a', '1b', '2a', '3a', '3b', '3c'].map((text) => ({ from: text.charAt(0), schedule: text.charAt(1) }));

describe('pages of a list', () => {
  it.each([1, 2, 3, 5, 6, 7])('hold every item once, by %d at a time', (limit) => {
    const pages: unknown[][] = [];
    let cursor: string | undefined;
    do {
      const { items, next }: { items: readonly unknown[]; next?: string } = pageOfAll(ORDER, all, { limit, ...(cursor && { cursor }) });
      pages.push([...items]);
      cursor = next;
    } while (cursor);
    expect(pages.flat()).toEqual(all);
    expect(pages).toHaveLength(Math.ceil(all.length / limit));
  });

  it('go on behind the last item of the page before, whether or not it is still there', () => {
    const { next } = pageOfAll(ORDER, all, { limit: 3 });
    const { items } = pageOfAll(ORDER, [...all.slice(0, 2), ...all.slice(3)], { limit: 9, cursor: next as string });
    expect(items).toEqual(all.slice(3));
  });

  it('are refused by the cursor of another list', () => {
    const { next } = pageOfAll({ id: 1 }, [{ id: 'a' }, { id: 'b' }], { limit: 1 });
    expect(() => pageOfAll(ORDER, all, { limit: 1, cursor: next as string })).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
  });
});
