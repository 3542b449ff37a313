import { randomUUID } from 'node:crypto';
import { streamDeleted } from '../rpc-error.js';
import { PAGE_BYTES } from '../log/log-reader.js';
import { TOMBSTONE } from '../log/revision.js';
import { isSoftDeleted } from '../log/stream-metadata.js';
import { turn } from '../turn.js';
import type { ReadRequest } from '../wire/read-requests.js';
import { caughtUpResponse, checkpointResponse, confirmationResponse, fellBehindResponse } from '../wire/read-responses.js';
import type { EventReader } from './event-reader.js';
import { firstVisible, isYoungEnough } from './links.js';
import { STREAM_PAGE } from './reading.js';

/**
 * Subscriptions have no buffer and no switch from history to live: each reads the log from where it is, and waits for the next commit when
 * there is nothing more. So none can overflow, skip or repeat, however slow its reader is.
 */

/** So many events behind, a reader that was too slow is told that it is: as many as a real server holds for it. */
const LIVE_BUFFER = 32;

/** Remembers that there was a commit until somebody looks. */
class Commit {
  private happened = false;
  private resolve: (() => void) | undefined;

  announce(): void {
    this.happened = true;
    this.resolve?.();
  }

  async next(): Promise<void> {
    if (!this.happened) await new Promise<void>((resolve) => (this.resolve = resolve));
    this.happened = false;
  }
}

/** Where a reader is between history and live, and what it is told of it. */
class Progress {
  private isCaughtUp = false;
  private waited = false;

  constructor(private readonly reader: EventReader) {}

  get isLive(): boolean {
    return this.isCaughtUp;
  }

  caughtUp(): void {
    if (!this.isCaughtUp) this.reader.message(caughtUpResponse());
    this.isCaughtUp = true;
    this.waited = false;
    this.reader.flush();
  }

  /** @param behind how many events are there for the reader, at least */
  look(behind: number): void {
    if (!this.isCaughtUp || !this.waited || behind < LIVE_BUFFER) return;
    this.reader.message(fellBehindResponse());
    this.isCaughtUp = false;
  }

  /** Waits until the reader takes more. */
  drained(): Promise<void> {
    this.waited = true;
    return this.reader.drained();
  }
}

const serveAll = async (reader: EventReader, { from, filter }: ReadRequest, commit: Commit): Promise<void> => {
  const { log } = reader;
  const progress = new Progress(reader);
  let next = from === 'start' ? 0 : from === 'end' ? log.end : log.behind(from);
  /** A place that the log has yet to come to is waited for. */
  const after = typeof from === 'number' ? from : -1;
  let considered = 0;
  /** Kept as long as there is much to read: who waits for the next event does not hold a page. */
  let into: Buffer | undefined;
  while (!reader.isGone) {
    if (log.end - next >= PAGE_BYTES) into ??= Buffer.allocUnsafeSlow(PAGE_BYTES);
    const page = log.forwards(next, into);
    if (page.length === 0) {
      into = undefined;
      progress.caughtUp();
      await commit.next();
      continue;
    }
    progress.look(page.length);
    for (const event of page) {
      next = event.end;
      if (event.position <= after) continue;
      if (!filter || filter.matches(event)) reader.event(event);
      if (filter && ++considered >= filter.checkpointInterval) {
        considered = 0;
        reader.message(checkpointResponse(event.position));
      }
      if (reader.isFull) await progress.drained();
      if (reader.isGone) return;
    }
    if (next < log.end) await turn();
  }
};

const serveStream = async (reader: EventReader, streamName: string, { from }: ReadRequest, commit: Commit): Promise<void> => {
  const { log } = reader;
  const progress = new Progress(reader);
  const start = log.lastRevision(streamName);
  let next = from === 'start' ? 0 : from === 'end' ? start + 1 : from + 1;
  /** From its start on, a stream that is not there yet is waited for before anything is said of catching up. */
  let isAwaited = from === 'start' && (start < 0 || isSoftDeleted(log.metadataOf(streamName)));

  while (!reader.isGone) {
    if (!progress.isLive) {
      const first = firstVisible(log, streamName);
      if (next < first && first !== TOMBSTONE) next = first;
    }
    const isHidden = !progress.isLive && isSoftDeleted(log.metadataOf(streamName));
    const positions = next > TOMBSTONE || isHidden ? [] : log.positionsOf(streamName, { from: next, limit: STREAM_PAGE });
    if (positions.length === 0) {
      if (!isAwaited) progress.caughtUp();
      reader.flush();
      await commit.next();
      continue;
    }
    isAwaited = false;
    progress.look(positions.length);
    for (const position of positions) {
      const event = log.at(position);
      next = event.revision + 1;
      if (progress.isLive || isYoungEnough(log, streamName, event)) reader.event(event);
      if (event.revision === TOMBSTONE) throw streamDeleted(streamName);
      if (reader.isFull) await progress.drained();
      if (reader.isGone) return;
    }
  }
};

/**
 * Serves a subscription until its reader leaves.
 * @throws RpcError stream-deleted: at once for a tombstoned stream read from its start, or behind the tombstone when it comes
 */
export const serveSubscription = async (reader: EventReader, request: ReadRequest): Promise<void> => {
  const { streamName, from } = request;
  const { log } = reader;
  if (streamName !== undefined && log.lastRevision(streamName) === TOMBSTONE && from !== 'end') throw streamDeleted(streamName);
  const commit = new Commit();
  const stopListening = log.commits.listen(streamName, () => commit.announce());
  reader.onGone(() => {
    stopListening();
    commit.announce();
  });
  try {
    reader.message(confirmationResponse(randomUUID()));
    await (streamName === undefined ? serveAll(reader, request, commit) : serveStream(reader, streamName, request, commit));
  } finally {
    stopListening();
  }
};
