/**
 * The speed of a document store, as a client in another process sees it: one table, in documents (or calls) per second, with the time that
 * one call took at the median and at the 99th percentile.
 *
 *   node libs/embedded/mongo/bench/mongo.bench.mjs            the embedded node, on disk, started for the occasion from the build
 *   node libs/embedded/mongo/bench/mongo.bench.mjs URI        the same beside any other MongoDB, row by row, as a ratio
 *     --documents N   documents of the large collection, 1,000,000 by default
 *     --seconds N     how long each row is measured, 3 by default
 *     --json          the figures as JSON
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { startNode } from '../../../../test/bench/embedded-node.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    documents: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const LARGE = Number(values.documents);
const SMALL = Math.min(10_000, LARGE);
const GROUPED = Math.min(100_000, LARGE);
const SECONDS = Number(values.seconds);
/** How long one bulk may take. */
const PATIENCE_MS = 60_000;

const inTime = (answer) => {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, new Error('no answer in a minute')).unref());
  return Promise.race([answer, late]);
};

/** The embedded node in a process of its own; what it holds is gone with it. */
const startOwn = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mongo-bench-'));
  const bin = 'libs/embedded/mongo/bin/embedded-mongo.mjs';
  const { uri, stop, memoryMiB } = await startNode(bin, ['--port', '0', '--data', folder, '--no-auth'], /mongodb:\/\/\S+/);
  return {
    uri,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
    /** Memory of its own, without the pages of the data file that the system keeps in memory for it. */
    ownMiB: () => memoryMiB('RssAnon'),
  };
};

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];

/** Makes calls, one at a time, for a while and at least 20; each counts for `weight`. */
const measure = async (call, weight = 1) => {
  for (let n = 0; n < 3; n++) await call();
  const took = [];
  const start = performance.now();
  for (let now = start; now < start + SECONDS * 1000 || took.length < 20;) {
    await call();
    const then = performance.now();
    took.push(then - now);
    now = then;
    if (now > start + SECONDS * 10_000) break;
  }
  const elapsed = performance.now() - start;
  took.sort((a, b) => a - b);
  return { perSecond: (took.length * weight * 1000) / elapsed, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
};

const TEAMS = ['network', 'desktop', 'database', 'storage', 'identity', 'mail', 'print', 'voice'];
const documentOf = (n) => ({
  _id: `INC${String(n).padStart(8, '0')}`,
  open: n % 3 !== 0,
  team: TEAMS[n % TEAMS.length],
  priority: 1 + ((n * 7) % 4),
  reportedAt: new Date(1_700_000_000_000 + ((n * 7919) % 10_000_000) * 1000).toISOString(),
  title: `Something that is broken, number ${n}, and a few words about it that make it as long as such titles are`,
  minutes: (n * 31) % 480,
});

const fill = async (collection, count) => {
  for (let from = 0; from < count; from += 10_000) {
    const documents = Array.from({ length: Math.min(10_000, count - from) }, (_, n) => documentOf(from + n));
    await collection.insertMany(documents, { ordered: false });
  }
};

/** Bulks of 1,000 upserts, each of which begins so many documents behind the last one. */
const bulks = (collection, step) => {
  let from = 0;
  return () => {
    const operations = Array.from({ length: 1_000 }, (_, n) => {
      const { _id, ...fields } = documentOf(from + n);
      return { replaceOne: { filter: { _id }, replacement: fields, upsert: true } };
    });
    from += step;
    return inTime(collection.bulkWrite(operations, { ordered: false }));
  };
};

const filling = async (collection, count) => {
  await collection.createIndex({ open: 1, priority: 1, reportedAt: 1 });
  await collection.createIndex({ team: 1 });
  const start = performance.now();
  await fill(collection, count);
  return { perSecond: (count * 1000) / (performance.now() - start) };
};

/** Pages of 50 by an index: an equality, a range, an order. */
const pages = (collection) => {
  let n = 0;
  return () => {
    const { priority, reportedAt } = documentOf((n += 7919));
    return collection.find({ open: true, priority, reportedAt: { $gt: reportedAt } }, { sort: { reportedAt: 1 }, limit: 50 }).toArray();
  };
};

const counts = (collection) => {
  let n = 0;
  return () => collection.countDocuments({ team: TEAMS[n++ % TEAMS.length] });
};

const groups = (collection) => () =>
  collection.aggregate([{ $group: { _id: '$team', n: { $sum: 1 }, minutes: { $sum: '$minutes' } } }]).toArray();

const shown = (count) => count.toLocaleString('en');

/** What is measured: on each server in turn, row by row, so that whatever else the machine does meets both. */
const ROWS = [
  ['bulkWrite of 1,000 upserts by _id, all new', 'documents/s', ({ db }) => measure(bulks(db.collection('new'), 1_000), 1_000)],
  [`insert of ${shown(SMALL)} with two indexes`, 'documents/s', ({ db }) => filling(db.collection('small'), SMALL)],
  [`insert of ${shown(LARGE)} with two indexes`, 'documents/s', ({ db }) => filling(db.collection('large'), LARGE)],
  [`find 50 by an index, sorted, of ${shown(SMALL)}`, 'calls/s', ({ db }) => measure(pages(db.collection('small')))],
  [`find 50 by an index, sorted, of ${shown(LARGE)}`, 'calls/s', ({ db }) => measure(pages(db.collection('large')))],
  [`count by an index, of ${shown(LARGE)}`, 'calls/s', ({ db }) => measure(counts(db.collection('large')))],
  [
    `group over ${shown(GROUPED)}`,
    'documents/s',
    async ({ db }) => {
      await fill(db.collection('grouped'), GROUPED);
      return measure(groups(db.collection('grouped')), GROUPED);
    },
  ],
  // at the end, for FerretDB 1.24 on SQLite has no answer to it, nor to anything after it: it keeps a connection of its pool for each document
  // that a command replaces, and waits for ever for the 101st
  ['bulkWrite of 1,000 upserts, half there', 'documents/s', ({ db }) => measure(bulks(db.collection('half'), 500), 1_000)],
];

const connected = (uri, memory) => {
  const client = new MongoClient(uri);
  return { client, db: client.db(`bench_${randomUUID().slice(0, 8)}`), rows: [], memory };
};

const node = await startOwn();
const embedded = connected(node.uri, node.ownMiB);
const other = positionals[0] && connected(positionals[0]);
const servers = other ? [embedded, other] : [embedded];
for (const [name, unit, work] of ROWS)
  for (const server of servers) {
    const row = { name, unit, memoryMiB: { before: server.memory?.() } };
    Object.assign(row, await work(server).catch(({ message }) => ({ failure: message })));
    row.memoryMiB.after = server.memory?.();
    server.rows.push(row);
  }
for (const { client, db, rows } of servers) if (!rows.some(({ failure }) => failure)) await db.dropDatabase().then(() => client.close());
await node.stop();

if (values.json) console.log(JSON.stringify({ embedded: embedded.rows, other: other?.rows }, null, 2));
else {
  const figure = (value, width, digits) => (value === undefined ? '' : value.toFixed(digits)).padStart(width);
  const columns = ['rate', '', 'p50', 'p99', ...(other ? ['other', 'ratio'] : [])];
  console.log(`${''.padEnd(42)}${columns.map((name) => name.padStart(12)).join('')}`);
  for (const [at, { name, unit, perSecond, p50, p99 }] of embedded.rows.entries()) {
    const theirs = other?.rows[at];
    const ratio = theirs?.perSecond && perSecond / theirs.perSecond;
    const compared = theirs
      ? theirs.failure
        ? `        none: ${theirs.failure}`
        : `${figure(theirs.perSecond, 12, 0)}${figure(ratio, 12, 1)}`
      : '';
    console.log(`${name.padEnd(42)}${figure(perSecond, 12, 0)} ${unit.padEnd(11)}${figure(p50, 12, 2)}${figure(p99, 12, 2)}${compared}`);
  }
  const { before, after } = embedded.rows[2].memoryMiB;
  console.log(`memory of the node's own: ${before.toFixed(0)} MiB before the large collection was filled, ${after.toFixed(0)} MiB after`);
}
// a server that has no answer would keep its client waiting
process.exit();
