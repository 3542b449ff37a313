/**
 * The speed of an event store, as a client in another process sees it: one table, in events (or calls) per second, with the time that one
 * call took (for reads of the whole log: that 1,000 events took) at the median and at the 99th percentile. Behind it, what an event cost
 * of processor time, in microseconds: that hardly depends on what else the machine does, where a rate does.
 *
 *   node libs/embedded/event-store/bench/event-store.bench.mjs            the embedded node, on disk, insecure, started for the occasion from the build
 *   node libs/embedded/event-store/bench/event-store.bench.mjs URI        any EventStoreDB, for comparison
 *     --events N    events in the log that is read, 200,000 by default
 *     --seconds N   how long each row of appends and stream reads is measured, 5 by default
 *     --json        the figures as JSON
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ANY, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { startNode } from '../../../../test/bench/embedded-node.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const EVENTS = Number(values.events);
const SECONDS = Number(values.seconds);

/** The embedded node in a process of its own. */
const startOwn = (folder) =>
  startNode('libs/embedded/event-store/bin/embedded-event-store.mjs', ['--port', '0', '--data', folder, '--insecure'], /esdb:\/\/\S+/);

/** What client and node have used of the processors so far, in microseconds. */
const cpuMicros = () => {
  const { user, system } = process.cpuUsage();
  return { client: user + system, node: own?.cpuMicros() ?? NaN };
};

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];

/** Runs calls, `inFlight` at a time, for a while; each counts for `weight`. */
const measure = async (call, { inFlight, weight = 1, seconds = SECONDS }) => {
  const took = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let now = performance.now(); now < end;) {
        await call();
        const then = performance.now();
        took.push(then - now);
        now = then;
      }
    }),
  );
  const elapsed = performance.now() - start;
  took.sort((a, b) => a - b);
  return {
    count: took.length * weight,
    perSecond: (took.length * weight * 1000) / elapsed,
    p50: quantile(took, 0.5),
    p99: quantile(took, 0.99),
  };
};

/** Reads what a read ends with, or so many events of a subscription, which has no end; times each thousand. */
const drain = async (events, count = Infinity) => {
  const took = [];
  let seen = 0;
  const start = performance.now();
  let last = start;
  for await (const _ of events) {
    seen++;
    if (seen % 1000 === 0) {
      const now = performance.now();
      took.push(now - last);
      last = now;
    }
    if (seen === count) break;
  }
  const elapsed = performance.now() - start;
  took.sort((a, b) => a - b);
  return { count: seen, perSecond: (seen * 1000) / elapsed, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
};

const folder = mkdtempSync(join(tmpdir(), 'event-store-bench-'));
let own = positionals[0] ? undefined : await startOwn(folder);
const uri = positionals[0] ?? own.uri;
const client = EventStoreDBClient.connectionString(uri);
const prefix = `bench-${randomUUID().slice(0, 8)}`;

/** About 1 KiB of JSON an event. */
const padding = 'x'.repeat(1024 - '{"n":10000,"padding":""}'.length);
let n = 0;
const event = () => jsonEvent({ type: 'Measured', data: { n: n++, padding } });
const events = (count) => Array.from({ length: count }, event);

const appendTo = (streams, count) => {
  let at = 0;
  return () => client.appendToStream(`${prefix}-${at++ % streams}`, count === 1 ? event() : events(count), { expectedRevision: ANY });
};

const rows = [];
const row = async (name, unit, work) => {
  const before = cpuMicros();
  const { count, ...figures } = await work();
  const after = cpuMicros();
  const cost = { nodeMicros: (after.node - before.node) / count, clientMicros: (after.client - before.client) / count };
  rows.push({ name, unit, ...figures, ...cost });
  if (!values.json) {
    const figure = (value, width, digits) => (Number.isNaN(value) ? '-' : value.toFixed(digits)).padStart(width);
    const rate = `${figure(figures.perSecond, 9, 0)} ${unit.padEnd(9)} ${figure(figures.p50, 8, 2)} ms ${figure(figures.p99, 8, 2)} ms`;
    console.log(`${name.padEnd(44)} ${rate} ${figure(cost.nodeMicros, 8, 0)} µs ${figure(cost.clientMicros, 8, 0)} µs`);
  }
};

if (!values.json) {
  const headings = ['rate'.padStart(9), ''.padEnd(9), ...['p50', 'p99', 'node', 'client'].map((heading) => heading.padStart(11))];
  console.log(`${''.padEnd(44)} ${headings.join(' ')}`);
}
await measure(appendTo(100, 1), { inFlight: 8, seconds: 1 });
await row('append, one at a time', 'events/s', () => measure(appendTo(100, 1), { inFlight: 1 }));
await row('append, 64 in flight', 'events/s', () => measure(appendTo(1000, 1), { inFlight: 64 }));
await row('append, 256 in flight', 'events/s', () => measure(appendTo(1000, 1), { inFlight: 256 }));
await row('append, 100 events a call', 'events/s', () => measure(appendTo(100, 100), { inFlight: 1, weight: 100 }));
await row('append, 100 events a call, 8 in flight', 'events/s', () => measure(appendTo(100, 100), { inFlight: 8, weight: 100 }));

let filled = n;
while (filled < EVENTS) {
  await Promise.all(Array.from({ length: 8 }, () => client.appendToStream(`${prefix}-more`, events(100), { expectedRevision: ANY })));
  filled += 800;
}
await row('read $all', 'events/s', () => drain(client.readAll({ maxCount: EVENTS })));
await row('catch-up subscription to $all', 'events/s', () => drain(client.subscribeToAll(), EVENTS));

for (let s = 0; s < 200; s++) await client.appendToStream(`${prefix}-ten-${s}`, events(10), { expectedRevision: ANY });
let at = 0;
const readTen = async () => {
  let seen = 0;
  for await (const _ of client.readStream(`${prefix}-ten-${at++ % 200}`, { maxCount: 10 })) seen++;
  if (seen !== 10) throw new Error(`Read ${seen} events of 10`);
};
await row('read a stream of 10, one at a time', 'streams/s', () => measure(readTen, { inFlight: 1 }));
await row('read a stream of 10, 16 in flight', 'streams/s', () => measure(readTen, { inFlight: 16 }));

await client.dispose();
const node = {};
if (own) {
  node.residentMiB = Math.round(own.memoryMiB('VmRSS'));
  await own.stop();
  // with the log that it has now: what a start takes does not grow with it
  own = await startOwn(folder);
  node.startedInMs = Math.round(own.startedInMs);
  await own.stop();
}
rmSync(folder, { recursive: true, force: true });
if (values.json) console.log(JSON.stringify({ rows, node }, null, 2));
else if (own) console.log(`the node: ${node.residentMiB} MiB resident behind all that, and ${node.startedInMs} ms to start again`);
