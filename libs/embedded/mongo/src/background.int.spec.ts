import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RawValue } from './bson/raw.js';
import { writeDocument } from './bson/writer.js';
import type { CollectionInfo, IndexSpec } from './catalogue.js';
import { isThere, MAX_INDEXES } from './commands/index-specification.js';
import { Expiry } from './expiry.js';
import { Node } from './node.js';
import { Users } from './security/users.js';
import { verifyStore } from './verification.js';

let node: Node;
beforeEach(() => {
  node = new Node(undefined, new Users('none'));
});
afterEach(() => node.close());

const insert = (documents: readonly object[]) =>
  node.write(() => {
    for (const document of documents) node.documents.insert(node.catalogue.ensure('test', 'things'), writeDocument(document));
  });

const create = (...specs: readonly (Partial<IndexSpec> & Pick<IndexSpec, 'name' | 'pattern'>)[]) =>
  node.indexes.create(
    'test',
    'things',
    specs.map((spec) => ({ unique: false, sparse: false, ...spec })),
    isThere,
    MAX_INDEXES,
  );

const things = () => node.catalogue.find('test', 'things') as CollectionInfo;
const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ _id: from + n, n: (from + n) % 100, tags: [`x${n % 3}`] }));

describe('an index that is made over documents', () => {
  it('is not seen before it is whole, and keeps up with what is written meanwhile', async () => {
    await insert(many(20_000));
    const building = create({ name: 'n', pattern: [['n', 1]] }, { name: 'tags', pattern: [['tags', 1]] });
    let seen = 0;
    for (let more = 0; more < 20; more++) {
      await insert(many(50, 100_000 + more * 50));
      if (things().indexes.some(({ building: isBuilding }) => isBuilding)) seen++;
    }
    await building;
    expect(seen).toBeGreaterThan(0);
    expect(things().indexes.map(({ name, building: isBuilding, multikey }) => ({ name, isBuilding, multikey }))).toEqual([
      { name: 'n', isBuilding: false, multikey: false },
      { name: 'tags', isBuilding: false, multikey: true },
    ]);
    expect(verifyStore(node.store)).toMatchObject({ documents: 21_000, entries: 42_000, faults: [] });
  });

  it('that some documents do not fit is not there afterwards, and leaves nothing behind', async () => {
    await insert([...many(5_000), { _id: -1, n: 'a' }, { _id: -2, n: 'a' }]);
    await expect(
      create({ name: 'n', pattern: [['n', 1]], unique: true, partial: RawValue.document(writeDocument({ n: { $gte: '' } })) }),
    ).rejects.toMatchObject({
      codeName: 'DuplicateKey',
    });
    expect(things().indexes).toEqual([]);
    while (node.catalogue.sweeps.length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(verifyStore(node.store)).toMatchObject({ entries: 0, faults: [] });
  });

  it('is waited for by whoever asks for it a second time', async () => {
    await insert(many(5_000));
    const [first, second] = await Promise.all([create({ name: 'n', pattern: [['n', 1]] }), create({ name: 'n', pattern: [['n', 1]] })]);
    expect([first, second]).toEqual([
      { before: 0, after: 1 },
      { before: 1, after: 1 },
    ]);
  });

  it('ends when its collection is dropped', async () => {
    await insert(many(20_000));
    const building = create({ name: 'n', pattern: [['n', 1]] });
    await new Promise((resolve) => setImmediate(resolve));
    await node.write(() => node.catalogue.drop(node.catalogue.working('test', 'things') as CollectionInfo));
    await expect(building).rejects.toMatchObject({ codeName: 'IndexBuildAborted' });
  });

  it('and is left half-built by a crash is dropped at the next start', async () => {
    await insert(many(10));
    await node.write(() => {
      node.catalogue.addIndex(
        node.catalogue.working('test', 'things') as CollectionInfo,
        { name: 'n', pattern: [['n', 1]], unique: false, sparse: false },
        true,
      );
    });
    await node.recover();
    expect(things().indexes).toEqual([]);
  });
});

describe('a TTL index', () => {
  it('says which documents are over: those whose date lies so far back, or one of their dates', async () => {
    const now = Date.now();
    await insert([
      { _id: 1, at: new Date(now - 120_000) },
      { _id: 2, at: new Date(now - 30_000) },
      { _id: 3, at: 'long ago' },
      { _id: 4 },
      { _id: 5, at: [new Date(now), new Date(now - 120_000)] },
    ]);
    await create({ name: 'at', pattern: [['at', 1]], expireAfterSeconds: 60 });
    const expiry = new Expiry(node);
    await expiry.run();
    await expiry.stop();
    expect(node.catalogue.size(things()).documents).toBe(3);
    expect(verifyStore(node.store).faults).toEqual([]);
  });
});

describe('what was dropped', () => {
  it('is cleared away in the background', async () => {
    await insert(many(6_000));
    await create({ name: 'tags', pattern: [['tags', 1]] });
    await node.write(() => node.catalogue.drop(things()));
    expect(node.catalogue.sweeps).toHaveLength(2);
    while (node.catalogue.sweeps.length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect([...node.store.documents.getKeys({ limit: 1 }), ...node.store.entries.getKeys({ limit: 1 })]).toEqual([]);
  });
});
