import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Long, MongoClient, UUID, type Document } from 'mongodb';
import { verify } from '@faultline/embedded-mongo';
import { WireClient } from '../../libs/embedded/mongo/src/wire/wire-client.fixture.js';

/** `FAULTLINE_CRASH_KILLS=50 npm test -- test/crash` kills as often as a release asks for; npm test itself a few times. */
const KILLS = Number(process.env['FAULTLINE_CRASH_KILLS'] ?? 3);
const PATIENCE_MS = 60_000 + KILLS * 5_000;

const main = join(import.meta.dirname, '../../libs/embedded/mongo/bin/embedded-mongo.mjs');

/** A node in a process of its own. */
class NodeProcess {
  readonly client: MongoClient;
  readonly #exited: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    readonly uri: string,
  ) {
    this.client = new MongoClient(uri, { serverSelectionTimeoutMS: 2_000, retryReads: false, retryWrites: false });
    this.#exited = once(child, 'close');
  }

  get port(): number {
    return Number(new URL(this.uri).port);
  }

  /** @param fileBlocks how far the node's files may grow, in blocks of 1,024 bytes: what a full disk is to it */
  static async start(folder: string, fileBlocks?: number): Promise<NodeProcess> {
    if (!existsSync(main)) throw new Error('The program is not built: npm test builds it, and so does npm run build');
    const args = [main, '--data', folder, '--port', '0', '--no-auth'];
    const limited =
      fileBlocks === undefined
        ? [process.execPath, ...args]
        : ['bash', '-c', `ulimit -f ${fileBlocks}; exec "$@"`, 'bash', process.execPath, ...args];
    const child = spawn(limited[0] as string, limited.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    const uri = await new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        const found = /mongodb:\/\/127\.0\.0\.1:\d+\//.exec((said += chunk.toString()));
        if (found) resolve(found[0]);
      });
      child.once('close', (code) => reject(new Error(`The node ended with ${code} before it listened: ${said}`)));
    });
    return new NodeProcess(child, uri);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.child.kill(signal);
    await this.#exited;
    await this.client.close().catch(() => undefined);
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-mongo-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('kill -9 of an embedded MongoDB node under load', () => {
  /** What was acknowledged, and what was under way when the node was killed. */
  const inserted = new Set<string>();
  const unanswered = new Set<string>();
  let added = 0;
  let unansweredAdds = 0;

  /** Writes of every kind until the node dies. */
  const work = async (client: MongoClient, name: string): Promise<void> => {
    const db = client.db('crash');
    const things = db.collection<{ _id: string; n?: number; tags?: string[] }>('things');
    for (let n = 0; ; n++) {
      const ids = Array.from({ length: 1 + (n % 7) }, (_, at) => `${name}-${n}-${at}`);
      for (const id of ids) unanswered.add(id);
      unansweredAdds++;
      try {
        await things.insertMany(ids.map((_id) => ({ _id, n, tags: [name, `t${n % 5}`] })));
        for (const id of ids) {
          inserted.add(id);
          unanswered.delete(id);
        }
        await db.collection<{ _id: string; sum: number }>('sums').updateOne({ _id: 'all' }, { $inc: { sum: 1 } }, { upsert: true });
        added++;
        unansweredAdds--;
        await things.updateOne({ _id: ids[0] as string }, { $set: { tags: ['changed'] } });
        if (n % 20 === 0) await things.createIndex(n % 40 === 0 ? { n: 1, tags: 1 } : { tags: 1, n: -1 });
        if (n % 30 === 29) await things.dropIndex('n_1_tags_1').catch(() => undefined);
      } catch (error) {
        if ((error as { code?: number }).code === undefined) return;
        throw error;
      }
    }
  };

  it(
    'loses nothing that was acknowledged, repeats nothing, and leaves every index right',
    async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        const node = await NodeProcess.start(folder);
        const workers = Promise.all([0, 1, 2, 3].map((worker) => work(node.client, `k${kill}-w${worker}`)));
        await pause(150 + Math.random() * 600);
        await node.end('SIGKILL');
        await workers;
        expect((await verify(folder)).faults).toEqual([]);
      }

      const node = await NodeProcess.start(folder);
      const db = node.client.db('crash');
      const there = new Set(
        await db
          .collection<{ _id: string }>('things')
          .find({}, { projection: { _id: 1 } })
          .map(({ _id }) => _id)
          .toArray(),
      );
      expect([...inserted].filter((id) => !there.has(id))).toEqual([]);
      expect([...there].filter((id) => !inserted.has(id) && !unanswered.has(id))).toEqual([]);
      expect(inserted.size).toBeGreaterThan(KILLS);
      const sum = (await db.collection<{ _id: string; sum: number }>('sums').findOne({ _id: 'all' }))?.sum ?? 0;
      expect(sum).toBeGreaterThanOrEqual(added);
      expect(sum).toBeLessThanOrEqual(added + unansweredAdds);
      await node.end('SIGTERM');
      expect((await verify(folder)).faults).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'carries a write that is sent again out once, though the node was started anew in between',
    async () => {
      // a driver sends a transaction number only to a replica set: this is what one would send
      const session = { id: new UUID() };
      const increment = (txnNumber: number): Document => ({
        update: 'counter',
        updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true }],
        lsid: session,
        txnNumber: Long.fromNumber(txnNumber),
      });
      let sent = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const node = await NodeProcess.start(folder);
        const client = await WireClient.connect(node.port);
        const sending = (async () => {
          for (;;) await client.command(increment(++sent));
        })().catch(() => undefined);
        await pause(100 + Math.random() * 300);
        await node.end('SIGKILL');
        await sending;

        const again = await NodeProcess.start(folder);
        const resending = await WireClient.connect(again.port);
        expect(await resending.command(increment(sent))).toMatchObject({ ok: 1, n: 1 });
        expect((await again.client.db('test').collection('counter').findOne())?.['n']).toBe(sent);
        resending.close();
        await again.end('SIGTERM');
      }
    },
    PATIENCE_MS,
  );
});

describe('a full disk', () => {
  it('refuses what it cannot hold, keeps what it has, and goes on when there is room again', async () => {
    const limited = await NodeProcess.start(folder, 4_096);
    const things = limited.client.db('full').collection<{ _id: number; bytes: Buffer }>('things');
    let acknowledged = 0;
    let refused: { code?: number } | undefined;
    while (!refused && acknowledged < 1_000)
      await things.insertOne({ _id: acknowledged, bytes: Buffer.alloc(50_000, acknowledged) }).then(
        () => acknowledged++,
        (error: unknown) => (refused = error as { code?: number }),
      );
    expect(refused).toMatchObject({ code: 14031, codeName: 'OutOfDiskSpace' });
    expect(acknowledged).toBeGreaterThan(10);
    expect(await things.countDocuments()).toBe(acknowledged);
    expect((await things.deleteOne({ _id: 0 })).deletedCount).toBe(1);
    await limited.end('SIGTERM');

    expect(await verify(folder)).toMatchObject({ documents: acknowledged - 1, faults: [] });
    const roomy = await NodeProcess.start(folder);
    await roomy.client.db('full').collection<{ _id: number }>('things').insertOne({ _id: 5_000 });
    await roomy.end('SIGTERM');
  }, 60_000);
});
