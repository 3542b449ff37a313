import { BACKWARDS, END, ErrorType, FORWARDS, START, type ResolvedEvent, type StreamingRead } from '@eventstore/db-client';
import {
  fromStore,
  LOG_START,
  type Event,
  type EventCatalogue,
  type EventLog,
  type ReadAllOptions,
  type Recorded,
  type StoredEvent,
} from '#kernel';
import { messagesOf } from './call.js';
import type { Connection } from './connection.js';
import { failureAt, isOfType, unavailable } from './failures.js';
import { allPosition, storedEvent } from './stored-form.js';
import { checkStreamName } from './stream-name.js';

/** How many events the driver keeps ready for its reader. */
const READ_AHEAD = 256;

/** What a question about one event may take, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

type Reading = Pick<EventLog, 'readStream' | 'readLast' | 'readAll' | 'headPosition'>;

/** Reads as `EventLog` says. What streams ends with `Unavailable` where the connection is lost: the reader knows how far it came. */
export const reading = ({ client, endpoint, closing }: Connection, catalogue: EventCatalogue<Event>): Reading => {
  /** The events of one call. Where it does not exist, a stream has none. */
  async function* eventsOf(call: StreamingRead<ResolvedEvent>, ...signals: AbortSignal[]): AsyncGenerator<StoredEvent> {
    try {
      for await (const { event } of messagesOf<ResolvedEvent>(call, [closing, ...signals])) if (event) yield storedEvent(event);
    } catch (error) {
      if (!isOfType(error, ErrorType.STREAM_NOT_FOUND)) throw failureAt(endpoint, error);
    }
    for (const signal of [closing, ...signals]) signal.throwIfAborted();
  }

  /** The first event of a call, waited for so long and no longer. */
  const firstOf = async (call: StreamingRead<ResolvedEvent>) => {
    const patience = new AbortController();
    const timer = setTimeout(
      () => patience.abort(unavailable(endpoint, `no answer within ${ANSWER_WITHIN_MS / 1000} s`)),
      ANSWER_WITHIN_MS,
    );
    try {
      for await (const event of eventsOf(call, patience.signal)) return event;
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };

  const headPosition = async () => {
    const last = await firstOf(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
    return last?.position ?? LOG_START;
  };

  return {
    async *readStream<E extends Event>(streamName: string, { from = 0n, through }: { from?: bigint; through?: bigint } = {}) {
      checkStreamName(streamName);
      if (through !== undefined && through < from) return;
      const maxCount = through === undefined ? undefined : through - from + 1n;
      const call = client.readStream(streamName, { fromRevision: from, maxCount }, { highWaterMark: READ_AHEAD });
      for await (const event of eventsOf(call)) yield fromStore<E>(catalogue, event);
    },

    readLast: async <E extends Event>(streamName: string) => {
      checkStreamName(streamName);
      const last = await firstOf(client.readStream(streamName, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }));
      return last && fromStore<E>(catalogue, last);
    },

    async *readAll<E extends Event>({ after, through, streamPrefixes, limit = Infinity }: ReadAllOptions): AsyncGenerator<Recorded<E>> {
      const end = through ?? (await headPosition());
      if (end <= after || limit <= 0) return;
      const fromPosition = after === LOG_START ? START : allPosition(after);
      const call = client.readAll({ direction: FORWARDS, fromPosition }, { highWaterMark: READ_AHEAD });
      let handedOver = 0;
      for await (const stored of eventsOf(call)) {
        // the server begins with the event at the position, and does not filter reads: only subscriptions
        if (stored.position <= after) continue;
        if (stored.position > end) return;
        if (streamPrefixes.some((prefix) => stored.streamName.startsWith(prefix))) {
          yield fromStore<E>(catalogue, stored);
          if (++handedOver === limit) return;
        }
        if (stored.position === end) return;
      }
    },

    headPosition,
  };
};
