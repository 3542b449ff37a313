import { randomUUID } from 'node:crypto';
import { streamDeleted } from '../errors.js';
import type { EventLog } from '../log/event-log.js';
import { isSoftDeleted, LONG_MAX } from '../log/stream-metadata.js';
import { caughtUpResponse, checkpointResponse, confirmationResponse, eventResponse, fellBehindResponse } from '../wire/responses.js';
import { firstVisible, isYoungEnough, resolved } from './links.js';
import type { Outgoing } from './outgoing.js';
import { PAGE } from './reading.js';
import type { ReadRequest } from './read-request.js';

/**
 * Subscriptions have no buffer and no switch from history to live: each reads the log from where it is, and waits for the next commit when
 * there is nothing more. So none can overflow, skip or repeat, however slow its reader is. One that finds a whole page waiting after it had
 * caught up says that it fell behind.
 */

const serveAll = async (log: EventLog, { from, resolveLinks, filter }: ReadRequest, outgoing: Outgoing): Promise<void> => {
  let next = from === 'start' ? 0n : from === 'end' ? log.end : from + 1n;
  let caughtUp = false;
  let considered = 0;
  while (!outgoing.signal.aborted) {
    const committed = log.committed(outgoing.signal);
    const page = log.readAll({ from: next, limit: PAGE });
    if (page.length === 0) {
      if (!caughtUp) outgoing.send(caughtUpResponse());
      caughtUp = true;
      await committed;
      continue;
    }
    if (caughtUp && page.length === PAGE) {
      outgoing.send(fellBehindResponse());
      caughtUp = false;
    }
    for (const event of page) {
      next = event.position + 1n;
      let room = true;
      if (!filter || filter.matches(event)) room = outgoing.send(eventResponse(resolved(log, event, resolveLinks)));
      if (filter && ++considered >= filter.checkpointInterval) {
        considered = 0;
        room = outgoing.send(checkpointResponse(event.position)) && room;
      }
      if (room) continue;
      await outgoing.drained();
      if (outgoing.signal.aborted) return;
    }
  }
};

const serveStream = async (log: EventLog, streamName: string, { from, resolveLinks }: ReadRequest, outgoing: Outgoing): Promise<void> => {
  const start = log.lastRevision(streamName);
  let next = from === 'start' ? 0n : from === 'end' ? (start === LONG_MAX ? LONG_MAX : start) + 1n : from + 1n;
  let caughtUp = false;
  /** From its start on, a stream that is not there yet is waited for before anything is said of catching up. */
  let awaited = from === 'start' && (start < 0n || isSoftDeleted(log.metadataOf(streamName)));

  while (!outgoing.signal.aborted) {
    const committed = log.committed(outgoing.signal, streamName);
    if (!caughtUp) {
      const first = firstVisible(log, streamName);
      if (next < first && first !== LONG_MAX) next = first;
    }
    const page = next > LONG_MAX ? [] : log.readStream(streamName, { from: next, limit: PAGE });
    const hidden = !caughtUp && isSoftDeleted(log.metadataOf(streamName));
    if (page.length === 0 || hidden) {
      if (!caughtUp && !awaited) {
        outgoing.send(caughtUpResponse());
        caughtUp = true;
      }
      await committed;
      continue;
    }
    awaited = false;
    if (caughtUp && page.length === PAGE) {
      outgoing.send(fellBehindResponse());
      caughtUp = false;
    }
    for (const event of page) {
      next = event.revision + 1n;
      const shown = caughtUp || isYoungEnough(log, event);
      const room = !shown || outgoing.send(eventResponse(resolved(log, event, resolveLinks)));
      if (event.revision === LONG_MAX) throw streamDeleted(streamName);
      if (room) continue;
      await outgoing.drained();
      if (outgoing.signal.aborted) return;
    }
  }
};

/**
 * Serves a subscription until its reader leaves.
 * @throws RpcError stream-deleted: at once for a tombstoned stream read from its start, or behind the tombstone when it comes
 */
export const serveSubscription = async (log: EventLog, request: ReadRequest, outgoing: Outgoing): Promise<void> => {
  const { streamName, from } = request;
  if (streamName !== undefined && log.lastRevision(streamName) === LONG_MAX && from !== 'end') throw streamDeleted(streamName);
  outgoing.send(confirmationResponse(randomUUID()));
  await (streamName === undefined ? serveAll(log, request, outgoing) : serveStream(log, streamName, request, outgoing));
};
