import type { EventLog } from '../log/event-log.js';
import type { EventRecord } from '../log/record.js';
import { clampRevision, TOMBSTONE } from '../log/revision.js';
import { isSoftDeleted } from '../log/stream-metadata.js';
import type { ResolvedEvent } from '../wire/read-responses.js';

/** The first event number of a stream that its metadata shows. */
export const firstVisible = (log: EventLog, streamName: string): number => {
  const { maxCount, truncateBefore = 0 } = log.metadataOf(streamName);
  return maxCount === undefined ? truncateBefore : Math.max(truncateBefore, log.lastRevision(streamName) - maxCount + 1);
};

/** Whether an event is younger than its stream's `$maxAge`, now. */
export const isYoungEnough = (log: EventLog, streamName: string, { createdMs }: EventRecord): boolean => {
  const { maxAgeMs } = log.metadataOf(streamName);
  return maxAgeMs === undefined || Date.now() - createdMs < maxAgeMs;
};

/** What a link's data says: `number@stream`. */
export const linkTarget = (link: EventRecord): Readonly<{ streamName: string; revision: number }> | undefined => {
  const [, revision, streamName] = /^(\d+)@(.+)$/s.exec(link.data.toString()) ?? [];
  return streamName === undefined ? undefined : { streamName, revision: clampRevision(Number(revision)) };
};

/** The event that a link names; where it can still be seen. */
const targetOf = (log: EventLog, link: EventRecord, mayRead: (streamName: string) => boolean): EventRecord | undefined => {
  const target = linkTarget(link);
  if (!target || !mayRead(target.streamName)) return undefined;
  const { streamName, revision } = target;
  if (log.lastRevision(streamName) === TOMBSTONE || isSoftDeleted(log.metadataOf(streamName))) return undefined;
  if (revision < firstVisible(log, streamName)) return undefined;
  const event = log.eventAt(streamName, revision);
  return event && isYoungEnough(log, streamName, event) ? event : undefined;
};

/** An event with what it links to; links are followed once. @param mayRead whether the reader may see a stream */
export const resolved = (log: EventLog, event: EventRecord, mayRead: (streamName: string) => boolean): ResolvedEvent => {
  if (!event.isLink) return { event };
  const target = targetOf(log, event, mayRead);
  return target ? { event: target, link: event } : { link: event };
};
