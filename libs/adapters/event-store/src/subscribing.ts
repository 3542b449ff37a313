import { START, streamNameFilter, type AllStreamResolvedEvent, type AllStreamSubscription } from '@eventstore/db-client';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fromStore, LOG_START, type Event, type EventCatalogue, type EventLog, type LogMessage, type SubscribeOptions } from '#kernel';
import { messagesOf } from './call.js';
import type { Connection } from './connection.js';
import { resuming, SubscriptionEnded, type OnInterruption } from './resuming.js';
import { allPosition, storedEvent } from './stored-form.js';

/** How many events the driver keeps ready for the subscriber. */
const READ_AHEAD = 512;

/** The server tells how far it has looked after each 32 × 32 events, so that a resumed subscription does not look through them again. */
const CHECKPOINT_INTERVAL = 32;

/** What stands in a subscription's stream beside events, in its place between them. */
type Mark = { checkpoint: bigint } | 'caught-up' | 'fell-behind';

/** Behind what a subscription would be opened again. */
type Cursor = { position: bigint };

const isEvent = (message: AllStreamResolvedEvent | Mark): message is AllStreamResolvedEvent =>
  typeof message === 'object' && !('checkpoint' in message);

/**
 * Subscribes as `EventLog` says.
 *
 * The driver reports marks as soon as they arrive, which is before the events that it still keeps ready have been handed over. They are
 * therefore put into the stream, in their place. A subscription that was lost is opened again behind the last event or checkpoint that was
 * handed over: nothing is handed over twice, nothing is left out.
 *
 * After the first caught-up, each moment at which all that arrived has been handed over is one again: whoever collects events knows
 * that it waits for nothing.
 */
export const subscribing = (
  { client, endpoint, closing }: Connection,
  catalogue: EventCatalogue<Event>,
  headPosition: EventLog['headPosition'],
  onInterruption?: OnInterruption,
): EventLog['subscribe'] => {
  const open = (after: bigint, streamPrefixes: readonly string[]): AllStreamSubscription => {
    const mark = (it: Mark) => void subscription.push(it);
    const subscription = client.subscribeToAll(
      {
        fromPosition: after === LOG_START ? START : allPosition(after),
        filter: streamNameFilter({
          prefixes: [...streamPrefixes],
          checkpointInterval: CHECKPOINT_INTERVAL,
          checkpointReached: (_, { commit }) => mark({ checkpoint: commit }),
        }),
      },
      { highWaterMark: READ_AHEAD },
    );
    subscription.on('caughtUp', () => mark('caught-up'));
    subscription.on('fellBehind', () => mark('fell-behind'));
    return subscription;
  };

  /** Hands over what one subscription brings, and moves the cursor along. Ends on a signal; throws when it is lost. */
  async function* follow<E extends Event>(
    cursor: Cursor,
    streamPrefixes: readonly string[],
    signals: readonly AbortSignal[],
  ): AsyncGenerator<LogMessage<E>> {
    // what stands in the log before it is opened has been handed over, or is of other streams, when it has caught up
    const head = await headPosition();
    const subscription = open(cursor.position, streamPrefixes);
    let isLive = false;
    for await (const message of messagesOf<AllStreamResolvedEvent | Mark>(subscription, signals)) {
      if (isEvent(message)) {
        if (!message.event) continue;
        const stored = storedEvent(message.event);
        if (stored.position <= cursor.position) continue;
        const event = fromStore<E>(catalogue, stored);
        cursor.position = stored.position;
        yield { kind: 'event', event };
        if (!isLive || subscription.readableLength > 0) continue;
        // what has arrived already gets this turn of the event loop to come up
        await nextTurn();
        if (subscription.readableLength === 0) yield { kind: 'caught-up', position: cursor.position };
      } else if (message === 'caught-up') {
        isLive = true;
        if (head > cursor.position) cursor.position = head;
        yield { kind: 'caught-up', position: cursor.position };
      } else if (message === 'fell-behind') {
        isLive = false;
      } else if (message.checkpoint > cursor.position) {
        cursor.position = message.checkpoint;
      }
    }
    throw new SubscriptionEnded();
  }

  return <E extends Event>({ after, streamPrefixes, signal }: SubscribeOptions): AsyncGenerator<LogMessage<E>> => {
    const signals = signal ? [signal, closing] : [closing];
    const cursor: Cursor = { position: after };
    return resuming(endpoint, signals, onInterruption, () => follow<E>(cursor, streamPrefixes, signals));
  };
};
