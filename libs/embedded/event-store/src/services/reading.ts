import { streamDeleted } from '../rpc-error.js';
import { isMetastream } from '../log/event-log.js';
import { PAGE_BYTES } from '../log/log-reader.js';
import { TOMBSTONE } from '../log/revision.js';
import { isSoftDeleted } from '../log/stream-metadata.js';
import { turn } from '../turn.js';
import type { ReadRequest } from '../wire/read-requests.js';
import { streamNotFoundResponse } from '../wire/read-responses.js';
import type { EventReader } from './event-reader.js';
import { firstVisible, isYoungEnough } from './links.js';

/** So many of a stream's events are looked up at once. */
export const STREAM_PAGE = 256;

/** Who reads a few events does not want a page of many. */
const USUAL_EVENT_BYTES = 4 * 1_024;

type CountedRead = Extract<ReadRequest, { kind: 'read' }>;

/** A stream's events, as its metadata shows them. */
const readStream = async (reader: EventReader, streamName: string, { from, backwards, count }: CountedRead): Promise<void> => {
  const { log } = reader;
  const last = log.lastRevision(streamName);
  const first = firstVisible(log, streamName);
  let next = from === 'start' ? 0 : from === 'end' || (backwards && from > last) ? last : from;
  if (!backwards) next = Math.max(next, first);
  for (let left = count; left > 0 && next >= first && next <= last;) {
    const positions = log.positionsOf(streamName, { from: next, limit: Math.min(left, STREAM_PAGE), backwards });
    if (positions.length === 0) return;
    for (const position of positions) {
      const event = log.at(position);
      next = backwards ? event.revision - 1 : event.revision + 1;
      if (event.revision < first) return;
      if (!isYoungEnough(log, streamName, event)) continue;
      reader.event(event);
      left--;
      if (reader.isFull) await reader.drained();
      if (reader.isGone) return;
    }
  }
};

/** The whole log, raw: what a stream's metadata hides is here still. */
const readAll = async (reader: EventReader, { from, backwards, count, filter }: CountedRead): Promise<void> => {
  const { log } = reader;
  const into = Buffer.allocUnsafeSlow(filter ? PAGE_BYTES : Math.min(PAGE_BYTES, count * USUAL_EVENT_BYTES));
  let next = from === 'start' ? 0 : from === 'end' ? log.end : log.boundaryAt(from);
  for (let left = count; left > 0;) {
    const page = backwards ? log.backwards(next, into) : log.forwards(next, into);
    if (page.length === 0) return;
    for (const event of page) {
      next = backwards ? event.position : event.end;
      if (filter && !filter.matches(event)) continue;
      reader.event(event);
      if (--left === 0) return;
      if (reader.isFull) await reader.drained();
      if (reader.isGone) return;
    }
    await turn();
  }
};

/**
 * Answers a read that ends. A stream that never was, or that is soft-deleted, is told by a message; a tombstoned one by an error.
 * @throws RpcError stream-deleted
 */
export const serveRead = async (reader: EventReader, request: CountedRead): Promise<void> => {
  const { streamName } = request;
  if (streamName === undefined) return readAll(reader, request);
  const { log } = reader;
  const last = log.lastRevision(streamName);
  const ownerIsEnded = isMetastream(streamName) && log.lastRevision(streamName.slice(2)) === TOMBSTONE;
  if (last === TOMBSTONE || ownerIsEnded) throw streamDeleted(streamName);
  if (last < 0 || isSoftDeleted(log.metadataOf(streamName))) return reader.message(streamNotFoundResponse(streamName));
  return readStream(reader, streamName, request);
};
