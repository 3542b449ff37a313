import { describe, expect } from '@jest/globals';
import { Double, Long, type AnyBulkWriteOperation, type Document } from 'mongodb';
import { pageOf, pageSpec, type SortSpec } from '#kernel';
import { projections } from '#projections';
import type { Contract } from './contract.js';
import { stagesOf } from './explained.js';
import { failureOf, stored, typed } from './target.js';

const TEAMS = [null, 'mail', 'network', null, 'desktop'];
const INCIDENTS: readonly Document[] = Array.from({ length: 40 }, (_, n) => ({
  _id: `INC${String(n).padStart(3, '0')}`,
  open: n % 4 !== 0,
  team: TEAMS[n % 5] ?? null,
  priority: n % 3 === 0 ? null : `P${(n % 4) + 1}`,
  reportedAt: `2026-01-${String(1 + (n % 9)).padStart(2, '0')}T08:00:00.000Z`,
  words: [`printer${n % 10}`, n % 2 === 0 ? 'mail' : 'mailbox', 'no'],
}));

/** The orders in which the product lists things; `null` stands where nobody has said anything yet. */
const SORTS: readonly SortSpec[] = [
  { priority: 1, reportedAt: 1, _id: 1 },
  { reportedAt: -1, _id: 1 },
  { team: -1, priority: -1, _id: -1 },
  { _id: 1 },
];

/** The indexes that the views declare, each with what it holds. */
const INDEXES = projections.flatMap(({ collections }) =>
  Object.entries(collections).flatMap(([name, indexes]) => indexes.map((index) => ({ name, ...index }))),
);

const begins = (word: string): Document => ({ words: { $elemMatch: { $gte: word, $lt: `${word}\u{10FFFF}` } } });

/** What the views of this product write and ask (`libs/adapters/read-models`, `projections`), and nothing of MongoDB beside it. */
export const views = ({ it, target }: Contract): void => {
  describe('a list', () => {
    for (const sort of SORTS)
      it(`is turned page by page, and every document comes once: by ${Object.keys(sort).join(', ')}`, async () => {
        const things = await target().collection(...INCIDENTS);
        const all = await things.find({ open: true }, { sort }).toArray();
        const seen: Document[] = [];
        let cursor: string | undefined;
        do {
          const spec = pageSpec({ collection: '', filter: { open: true }, sort }, { limit: 7, ...(cursor && { cursor }) });
          const read = await things.find(spec.filter, { sort: Object.entries(spec.sort), limit: spec.limit ?? 0 }).toArray();
          const page = pageOf(sort, 7, read);
          seen.push(...page.items);
          cursor = page.next;
        } while (cursor !== undefined);
        expect(seen).toEqual(all);
        expect(seen).toHaveLength(30);
      });
  });

  describe('a search', () => {
    it('finds by the beginnings of several words, by nobody, and by a period', async () => {
      const things = await target().collection(...INCIDENTS);
      await things.createIndex({ words: 1 });
      const found = async (...clauses: Document[]) =>
        (await things.find({ $and: clauses }, { sort: { _id: 1 } }).toArray()).map(({ _id }) => String(_id));
      expect(await found(begins('printer3'), begins('mailb'))).toEqual(['INC003', 'INC013', 'INC023', 'INC033']);
      expect(await found(begins('printer3'), begins('nobody'))).toEqual([]);
      const early = { reportedAt: { $gte: '2026-01-01T00:00:00.000Z', $lt: '2026-01-02T00:00:00.000Z' } };
      expect(await found(early, { team: null })).toEqual(['INC000', 'INC018']);
    });
  });

  describe('a batch of a view', () => {
    const at = (position: number): AnyBulkWriteOperation<Document>[] => [
      {
        replaceOne: {
          filter: { _id: 'a' as never, position: { $lt: Long.fromNumber(position) } },
          replacement: { position: Long.fromNumber(position), n: position },
          upsert: true,
        },
      },
      {
        updateOne: {
          filter: { _id: 'counter' as never, position: { $lt: Long.fromNumber(position) } },
          update: { $set: { position: Long.fromNumber(position) }, $inc: { 'mttr.n': new Double(1), 'mttr.sum': new Double(2.5) } },
        },
      },
    ];

    it('written twice, or late, changes nothing, and says that each is there', async () => {
      const things = await target().collection({
        _id: 'counter' as never,
        position: Long.fromNumber(0),
        mttr: { n: new Double(0), sum: new Double(0) },
      });
      await things.bulkWrite(at(5), { ordered: false });
      const after = await stored(things);
      for (const position of [5, 3])
        expect(await failureOf(things.bulkWrite(at(position), { ordered: false }))).toMatchObject({ code: 11000 });
      expect(await stored(things)).toEqual(after);
      await things.bulkWrite(at(7), { ordered: false });
      const counter = await things.findOne({ _id: 'counter' as never }, { promoteValues: false });
      expect(typed(counter)).toEqual(
        typed({ _id: 'counter', position: Long.fromNumber(7), mttr: { n: new Double(2), sum: new Double(5) } }),
      );
    });

    it('reads what it folds by id, and of what it need not know the id alone', async () => {
      const things = await target().collection(...INCIDENTS);
      const query = { _id: { $in: ['INC001', 'INC002', 'INC999'] as never[] } };
      expect(await things.find(query, { sort: { _id: 1 }, projection: { _id: 1 } }).toArray()).toEqual([
        { _id: 'INC001' },
        { _id: 'INC002' },
      ]);
    });
  });

  describe('an index of a view', () => {
    it('serves a search for the beginning of a word', async () => {
      const things = await target().collection(...INCIDENTS);
      await things.createIndex({ words: 1 });
      expect(stagesOf(await things.find(begins('printer3')).explain())).toContain('IXSCAN');
    });

    // a list of words is searched, and nothing is sorted by it
    for (const { name, fields, where = {} } of INDEXES.filter((index) => !('words' in index.fields)))
      it(`serves what it was made for: ${name} by ${Object.keys(fields).join(', ')}`, async () => {
        const things = await target().collection(...INCIDENTS);
        await things.createIndex(fields, Object.keys(where).length > 0 ? { partialFilterExpression: where } : {});
        const { queryPlanner } = (await things.find(where, { sort: Object.entries(fields) as never }).explain()) as {
          queryPlanner: Document;
        };
        const stages = stagesOf(queryPlanner['winningPlan']);
        expect(stages).toContain('IXSCAN');
        expect(stages).not.toContain('COLLSCAN');
        expect(stages).not.toContain('SORT');
      });
  });
};
