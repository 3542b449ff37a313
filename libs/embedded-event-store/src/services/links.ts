import type { EventLog } from '../log/event-log.js';
import { dataOf, TICKS_PER_MS, type StoredEvent } from '../log/record.js';
import { isSoftDeleted, LONG_MAX } from '../log/stream-metadata.js';
import type { ResolvedEvent } from '../wire/responses.js';

const LINK_TYPE = '$>';

/** The first event number of a stream that its metadata shows; `undefined` where it shows none. */
export const firstVisible = (log: EventLog, streamName: string): bigint => {
  const { maxCount, truncateBefore = 0n } = log.metadataOf(streamName);
  if (maxCount === undefined) return truncateBefore;
  const byCount = log.lastRevision(streamName) - maxCount + 1n;
  return byCount > truncateBefore ? byCount : truncateBefore;
};

/** Whether an event is younger than its stream's `$maxAge`, now. */
export const isYoungEnough = (log: EventLog, { streamName, createdTicks }: StoredEvent): boolean => {
  const { maxAgeSeconds } = log.metadataOf(streamName);
  return maxAgeSeconds === undefined || BigInt(Date.now()) * TICKS_PER_MS - createdTicks < maxAgeSeconds * 1_000n * TICKS_PER_MS;
};

/** The event that a link's data, `number@stream`, names; where it can still be seen. */
const targetOf = (log: EventLog, link: StoredEvent): StoredEvent | undefined => {
  const text = dataOf(link).toString();
  const at = text.indexOf('@');
  const streamName = text.slice(at + 1);
  if (at < 1 || !/^\d+$/.test(text.slice(0, at)) || log.lastRevision(streamName) === LONG_MAX) return undefined;
  const revision = BigInt(text.slice(0, at));
  if (isSoftDeleted(log.metadataOf(streamName)) || revision < firstVisible(log, streamName)) return undefined;
  const event = log.eventAt(streamName, revision);
  return event && isYoungEnough(log, event) ? event : undefined;
};

/** An event as a read hands it over; links are followed once. */
export const resolved = (log: EventLog, event: StoredEvent, resolveLinks: boolean): ResolvedEvent => {
  if (!resolveLinks || event.type !== LINK_TYPE) return { event };
  const target = targetOf(log, event);
  return target ? { event: target, link: event } : { link: event };
};
