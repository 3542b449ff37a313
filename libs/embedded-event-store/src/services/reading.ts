import { streamDeleted } from '../errors.js';
import type { EventLog } from '../log/event-log.js';
import type { StoredEvent } from '../log/record.js';
import { isSoftDeleted, LONG_MAX } from '../log/stream-metadata.js';
import { eventResponse, streamNotFoundResponse } from '../wire/responses.js';
import { firstVisible, isYoungEnough, resolved } from './links.js';
import type { Outgoing } from './outgoing.js';
import type { ReadRequest } from './read-request.js';

/** Events that one look at the log takes into memory. A slow reader holds no more than this. */
export const PAGE = 512;

type CountedRead = Extract<ReadRequest, { kind: 'read' }>;

const smaller = (a: bigint, b: number): number => (a < BigInt(b) ? Number(a) : b);

/** Pages of a stream, as its metadata shows it. */
function* streamPages(log: EventLog, streamName: string, { from, backwards, count }: CountedRead): Generator<StoredEvent[]> {
  const last = log.lastRevision(streamName);
  const first = firstVisible(log, streamName);
  let next = from === 'start' ? 0n : from === 'end' || from > last ? last : from;
  if (!backwards) {
    next = from === 'start' ? 0n : (from as bigint);
    if (next < first) next = first;
  }
  for (let left = count; left > 0n;) {
    if (next < first || next > last) return;
    const page = log.readStream(streamName, { from: next, limit: smaller(left, PAGE), backwards });
    const lastRead = page.at(-1);
    if (!lastRead) return;
    const shown = page.filter((event) => event.revision >= first && isYoungEnough(log, event));
    left -= BigInt(shown.length);
    yield shown;
    next = backwards ? lastRead.revision - 1n : lastRead.revision + 1n;
  }
}

/** Pages of the whole log, raw: what a stream's metadata hides is here still. */
function* allPages(log: EventLog, { from, backwards, count, filter }: CountedRead): Generator<StoredEvent[]> {
  let next = from === 'start' ? 0n : from === 'end' ? log.end : from;
  if (backwards && next > log.end) next = log.end;
  for (let left = count; left > 0n;) {
    const page = log.readAll({ from: next, limit: filter ? PAGE : smaller(left, PAGE), backwards });
    const lastRead = page.at(-1);
    if (!lastRead) return;
    const matching = filter ? page.filter(filter.matches) : page;
    const wanted = matching.slice(0, smaller(left, PAGE));
    left -= BigInt(wanted.length);
    yield wanted;
    next = backwards ? lastRead.position : lastRead.position + 1n;
  }
}

/**
 * Answers a read that ends. A stream that never was, or that is soft-deleted, is told by a message; a tombstoned one by an error.
 * @throws RpcError stream-deleted
 */
export const serveRead = async (log: EventLog, request: CountedRead, outgoing: Outgoing): Promise<void> => {
  const { streamName, resolveLinks } = request;
  if (streamName !== undefined) {
    const last = log.lastRevision(streamName);
    const owner = streamName.startsWith('$$') ? streamName.slice(2) : undefined;
    if (last === LONG_MAX || (owner !== undefined && log.lastRevision(owner) === LONG_MAX)) throw streamDeleted(streamName);
    if (last < 0n || isSoftDeleted(log.metadataOf(streamName))) {
      outgoing.send(streamNotFoundResponse(streamName));
      return;
    }
  }
  const pages = streamName === undefined ? allPages(log, request) : streamPages(log, streamName, request);
  for (const page of pages) {
    for (const event of page) {
      if (outgoing.send(eventResponse(resolved(log, event, resolveLinks)))) continue;
      await outgoing.drained();
      if (outgoing.signal.aborted) return;
    }
  }
};
