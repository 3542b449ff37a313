import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  ErrorType,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults,
  PINNED,
  RETRY,
  START,
  streamNameFilter,
  type PersistentSubscriptionToAll,
  type PersistentSubscriptionToAllResolvedEvent,
} from '@eventstore/db-client';
import { fromStore, type ConsumeOptions, type Delivery, type Event, type EventCatalogue, type EventConsumers } from '#kernel';
import { messagesOf } from './call.js';
import type { Connection } from './connection.js';
import { failureAt, isOfType } from './failures.js';
import { resuming, SubscriptionEnded, type OnInterruption } from './resuming.js';
import { storedEvent } from './stored-form.js';

/**
 * How long a member may take over an event before it is handed to another one, in milliseconds; and how often that is done. That is practically
 * without end: whoever takes an event says when to put it aside.
 */
const SETTLE_WITHIN_MS = 30_000;
const MOST_RETRIES = 100_000;

/** What a question about a group may take, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

type Message = PersistentSubscriptionToAllResolvedEvent;

/** Acknowledges messages of a subscription: those of one turn of the event loop go together, for each costs both sides as much as many. */
const acknowledging = (subscription: PersistentSubscriptionToAll): ((message: Message) => Promise<void>) => {
  let together: Message[] = [];
  let sent: Promise<void> | undefined;
  return (message) => {
    together.push(message);
    sent ??= nextTurn().then(() => {
      const messages = together;
      together = [];
      sent = undefined;
      return subscription.ack(...messages);
    });
    return sent;
  };
};

/**
 * Takes part in consumer groups as `EventConsumers` says: persistent subscriptions to `$all`, filtered by stream, checkpointed by the server.
 * Each stream is pinned to one member, so that members do not race for the same incident. What cannot be read is parked at once.
 */
export const consuming = (
  { client, endpoint, closing }: Connection,
  catalogue: EventCatalogue<Event>,
  onInterruption?: OnInterruption,
): EventConsumers => {
  const make = async ({ group, streamPrefixes }: ConsumeOptions): Promise<void> => {
    const settings = persistentSubscriptionToAllSettingsFromDefaults({
      startFrom: START,
      consumerStrategyName: PINNED,
      messageTimeout: SETTLE_WITHIN_MS,
      maxRetryCount: MOST_RETRIES,
    });
    try {
      await client.createPersistentSubscriptionToAll(group, settings, { filter: streamNameFilter({ prefixes: [...streamPrefixes] }) });
    } catch (error) {
      if (!isOfType(error, ErrorType.PERSISTENT_SUBSCRIPTION_EXISTS)) throw error;
    }
  };

  const deliveryOf = <E extends Event>(
    subscription: PersistentSubscriptionToAll,
    acknowledge: (message: Message) => Promise<void>,
    message: Message,
  ): Delivery<E> => ({
    event: fromStore<E>(catalogue, storedEvent(message.event as NonNullable<typeof message.event>)),
    retries: message.retryCount,
    done: () => acknowledge(message),
    again: (reason) => subscription.nack(RETRY, reason, message),
    park: (reason) => subscription.nack(PARK, reason, message),
  });

  const consume = <E extends Event>(options: ConsumeOptions): AsyncGenerator<Delivery<E>> => {
    const { group, inFlight, signal } = options;
    const signals = signal ? [signal, closing] : [closing];
    return resuming(endpoint, signals, onInterruption, async function* () {
      await make(options);
      const subscription = client.subscribeToPersistentSubscriptionToAll(group, { bufferSize: inFlight });
      const acknowledge = acknowledging(subscription);
      for await (const message of messagesOf<Message>(subscription, signals)) {
        if (!message.event) {
          await acknowledge(message);
          continue;
        }
        let delivery: Delivery<E>;
        try {
          delivery = deliveryOf(subscription, acknowledge, message);
        } catch (error) {
          await subscription.nack(PARK, (error as Error).message, message);
          continue;
        }
        yield delivery;
      }
      throw new SubscriptionEnded();
    });
  };

  /** A question about a group, or a word to it. @returns undefined where the group is not there */
  const asked = async <Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await ask();
    } catch (error) {
      if (isOfType(error, ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST)) return undefined;
      throw failureAt(endpoint, error);
    }
  };

  return {
    consume,
    groupStatus: (group) =>
      asked(async () => {
        const { connections, stats } = await client.getPersistentSubscriptionToAllInfo(group, { deadline: ANSWER_WITHIN_MS });
        return { members: connections.length, parked: Number(stats.parkedMessageCount) };
      }),
    retryParked: (group) => asked(() => client.replayParkedMessagesToAll(group, { deadline: ANSWER_WITHIN_MS })),
  };
};
