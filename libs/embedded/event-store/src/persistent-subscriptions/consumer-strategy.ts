import type { EventLog } from '../log/event-log.js';
import { uuidText, type EventRecord } from '../log/record.js';
import { linkTarget } from '../services/links.js';
import type { Consumer } from './consumer.js';
import type { Message } from './message.js';
import type { PinOf } from './source.js';

/** Who gets a message; `undefined`: nobody who has room. Consumers stand in the order they came. */
export type ConsumerStrategy = (message: Message, consumers: readonly Consumer[]) => Consumer | undefined;

/** One after another. */
const roundRobin = (): ConsumerStrategy => {
  let last: Consumer | undefined;
  return (_, consumers) => {
    const start = last ? consumers.indexOf(last) + 1 : 0;
    for (let n = 0; n < consumers.length; n++) {
      const consumer = consumers[(start + n) % consumers.length];
      if (consumer?.hasRoom) return (last = consumer);
    }
    return undefined;
  };
};

/** The first, as long as it has room. */
const dispatchToSingle = (): ConsumerStrategy => (_, consumers) => consumers.find(({ hasRoom }) => hasRoom);

/** FNV-1a, 32 bits. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) value = Math.imul(value ^ text.charCodeAt(n), 0x01000193);
  return value >>> 0;
};

/**
 * Messages with one pin always go to one consumer, and wait for it. Who that is comes out of both names, so a consumer that comes or goes
 * takes along its own share only (rendezvous hashing).
 */
const pinned = (): ConsumerStrategy => (message, consumers) => {
  let best: Consumer | undefined;
  let most = -1;
  for (const consumer of consumers) {
    const weight = hash(`${message.pin} ${consumer.id}`);
    if (weight > most) [best, most] = [consumer, weight];
  }
  return best?.hasRoom ? best : undefined;
};

export const strategyOf = (name: string): ConsumerStrategy => {
  if (name === 'DispatchToSingle') return dispatchToSingle();
  return name === 'RoundRobin' ? roundRobin() : pinned();
};

const correlationOf = (event: EventRecord): string => {
  try {
    const { $correlationId } = JSON.parse(event.customMetadata.toString()) as { $correlationId?: unknown };
    if (typeof $correlationId === 'string') return $correlationId;
  } catch {
    // metadata of another kind correlates nothing
  }
  return uuidText(event.id);
};

/** What pins an event: the stream that it is of, or what it is correlated by; of what a link leads to, where links are followed. */
export const pinOf = (log: EventLog, strategy: string, resolveLinks: boolean): PinOf => {
  const targetOf = (event: EventRecord) => (resolveLinks && event.isLink ? linkTarget(event) : undefined);
  if (strategy === 'Pinned') return (event) => targetOf(event)?.streamName ?? event.streamName;
  if (strategy !== 'PinnedByCorrelation') return () => '';
  return (event) => {
    const target = targetOf(event);
    return correlationOf((target && log.eventAt(target.streamName, target.revision)) ?? event);
  };
};
