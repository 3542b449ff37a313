import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  closeSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Database } from 'lmdb';
import { MongoClient } from 'mongodb';
import { backup, DataDamaged, restore, startMongoNode, verify, type MongoNode } from './index.js';

const TABLE = { encoding: 'binary', keyEncoding: 'binary' } as const;
type Table = Database<Buffer, Buffer>;

let scratch: string;
let data: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'embedded-mongo-maintenance-'));
  data = join(scratch, 'data');
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const running = async <T>(dataDir: string, work: (client: MongoClient, node: MongoNode) => Promise<T>): Promise<T> => {
  const node = await startMongoNode({ dataDir, users: 'none', thread: 'same' });
  const client = new MongoClient(node.uri);
  try {
    return await work(client, node);
  } finally {
    await client.close();
    await node.stop();
  }
};

const fill = (dataDir: string, count = 200) =>
  running(dataDir, async (client) => {
    const things = client.db('test').collection<{ _id: number; a: number; tags: string[] }>('things');
    await things.createIndex({ a: 1 });
    await things.createIndex({ tags: 1 });
    await things.createIndex({ a: 1, _id: 1 }, { unique: true, name: 'unique' });
    await things.insertMany(Array.from({ length: count }, (_, _id) => ({ _id, a: _id % 10, tags: [`x${_id % 3}`, 'y'] })));
    await things.deleteMany({ _id: { $lt: 10 } });
  });

/** Changes what is stored behind the node's back. */
const tamper = async (work: (tables: { meta: Table; documents: Table; entries: Table }) => void) => {
  const root = open<Buffer, Buffer>({ path: join(data, 'data.mdb'), noSubdir: true, overlappingSync: false, ...TABLE });
  const table = (name: string) => root.openDB<Buffer, Buffer>({ name, ...TABLE });
  const tables = { meta: table('meta'), documents: table('documents'), entries: table('entries') };
  await root.transaction(() => work(tables));
  await root.close();
};

describe('verify', () => {
  it('finds nothing wrong with what a node has written', async () => {
    await fill(data);
    expect(await verify(data)).toEqual({ collections: 1, documents: 190, entries: 190 * 4, faults: [] });
  });

  it('can be done while a node runs and writes', async () => {
    await running(data, async (client) => {
      const things = client.db('test').collection('things');
      await things.createIndex({ n: 1 });
      const writing = things.insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n })));
      for (let look = 0; look < 5; look++) expect((await verify(data)).faults).toEqual([]);
      await writing;
      expect(await verify(data)).toMatchObject({ documents: 20_000, entries: 20_000 });
    });
  });

  it('needs data', async () => {
    await expect(verify(join(scratch, 'nothing'))).rejects.toThrow(/no data/);
  });

  it.each<[string, (tables: { documents: Table; entries: Table }) => void, RegExp]>([
    [
      'a changed byte of a document',
      ({ documents }) => {
        const [{ key, value }] = [...documents.getRange({ limit: 1 })] as [{ key: Buffer; value: Buffer }];
        const changed = Buffer.from(value);
        changed[10] = (changed[10] as number) ^ 1;
        void documents.put(key, changed);
      },
      /is damaged/,
    ],
    [
      'a missing index entry',
      ({ entries }) => void entries.remove([...entries.getKeys({ limit: 1 })][0] as Buffer),
      /missing from the index/,
    ],
    [
      'an index entry too many',
      ({ entries }) => {
        const [key] = [...entries.getKeys({ limit: 1 })] as [Buffer];
        void entries.put(Buffer.concat([key, Buffer.from([1])]), key);
      },
      /191 entries, its documents have 190/,
    ],
    ['a missing document', ({ documents }) => void documents.remove([...documents.getKeys({ limit: 1 })][0] as Buffer), /noted are 190/],
    [
      'a document of no collection',
      ({ documents }) => void documents.put(Buffer.from('00000fff30', 'hex'), Buffer.alloc(9)),
      /does not exist/,
    ],
    [
      'a document at a wrong place',
      ({ documents }) => {
        const [first, second] = [...documents.getRange({ limit: 2 })];
        void documents.put((first as { key: Buffer }).key, (second as { value: Buffer }).value);
      },
      /wrong place/,
    ],
  ])('finds %s', async (_, change, fault) => {
    await fill(data);
    await tamper(change);
    const { faults } = await verify(data);
    expect(faults.join('\n')).toMatch(fault);
  });
});

describe('a backup', () => {
  it('of a running node holds all that was acknowledged when it began, and can be run on', async () => {
    await fill(data);
    const copy = join(scratch, 'copy');
    await running(data, async (client) => {
      const things = client.db('test').collection<{ _id: number }>('things');
      await things.insertOne({ _id: 1000 });
      const writing = (async () => {
        for (let n = 2000; n < 2100; n++) await things.insertOne({ _id: n });
      })();
      await backup(data, copy);
      await writing;
    });
    expect((await verify(copy)).faults).toEqual([]);
    await running(copy, async (client) => {
      const things = client.db('test').collection<{ _id: number }>('things');
      expect(await things.countDocuments({ _id: { $lte: 1000 } })).toBe(191);
      await things.insertOne({ _id: 1 });
    });
  });

  it('can be restored', async () => {
    await fill(data);
    const [copy, anew] = [join(scratch, 'copy'), join(scratch, 'anew')];
    await backup(data, copy);
    expect((await restore(copy, anew)).documents).toBe(190);
    await running(anew, async (client) => {
      expect(await client.db('test').collection('things').countDocuments({ a: 3 })).toBe(19);
    });
  });

  it('is put into an empty folder only, and a damaged one is not restored', async () => {
    await fill(data);
    const copy = join(scratch, 'copy');
    await backup(data, copy);
    await expect(backup(data, copy)).rejects.toThrow(/not empty/);
    await expect(backup(join(scratch, 'nothing'), join(scratch, 'other'))).rejects.toThrow(/no data/);
    copyFileSync(join(copy, 'data.mdb'), join(data, 'data.mdb'));
    await tamper(({ entries }) => void entries.remove([...entries.getKeys({ limit: 1 })][0] as Buffer));
    await expect(restore(data, join(scratch, 'anew'))).rejects.toThrow(/missing from the index/);
    expect(existsSync(join(scratch, 'anew'))).toBe(false);
  });
});

describe('a file that a crash has torn', () => {
  const path = () => join(data, 'data.mdb');
  const start = () => startMongoNode({ dataDir: data, users: 'none', thread: 'same' });
  const overwrite = (from: number, bytes: Buffer) => {
    const whole = readFileSync(path());
    bytes.copy(whole, from);
    writeFileSync(path(), whole);
  };

  it.each([
    ['in the first meta page', 0],
    ['in the second', 4096],
  ])('%s is read by the other one', async (_, at) => {
    await fill(data);
    overwrite(at, Buffer.alloc(4096, 0xab));
    expect((await verify(data)).faults.every((fault) => !fault.includes('damaged'))).toBe(true);
    await running(data, async (client) => {
      await client.db('test').collection('more').insertOne({ a: 1 });
    });
    expect(await running(data, (client) => client.db('test').collection('more').countDocuments())).toBe(1);
  });

  it('in pages of a commit that was never finished is as if it had not begun', async () => {
    await fill(data);
    const { size } = statSync(path());
    const file = openSync(path(), 'r+');
    ftruncateSync(file, size + 10 * 4096);
    closeSync(file);
    overwrite(size, Buffer.alloc(5 * 4096, 0xab));
    expect(await verify(data)).toMatchObject({ documents: 190, faults: [] });
  });

  it.each<[string, () => void]>([
    ['a file of something else', () => writeFileSync(path(), Buffer.alloc(100_000, 'text'))],
    ['a file that ends in its first page', () => writeFileSync(path(), readFileSync(path()).subarray(0, 4096))],
    ['a file without its data', () => writeFileSync(path(), readFileSync(path()).subarray(0, 8192))],
  ])('beyond that is refused, and nothing is written: %s', async (_, damage) => {
    await fill(data);
    damage();
    const failure = await start().then(
      async (node) => {
        await node.stop();
        return undefined;
      },
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DataDamaged);
    expect((failure as Error).message).toContain('restore a backup');
  });

  it('a document whose bytes have changed is an error when it is read, and no other', async () => {
    await fill(data);
    const whole = readFileSync(path());
    // the document {_id: 100 …} as it lies in the file
    const needle = Buffer.from('105f6964006400000010610000', 'hex');
    for (let at = whole.indexOf(needle); at >= 0; at = whole.indexOf(needle, at + 1)) whole[at + needle.length] = 0x77;
    writeFileSync(path(), whole);
    await running(data, async (client) => {
      const things = client.db('test').collection<{ _id: number }>('things');
      await expect(things.findOne({ _id: 100 })).rejects.toThrow(/damaged on the disk/);
      expect(await things.findOne({ _id: 101 })).toMatchObject({ _id: 101 });
    });
  });
});
