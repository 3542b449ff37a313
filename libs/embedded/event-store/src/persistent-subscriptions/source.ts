import type { EventLog } from '../log/event-log.js';
import { idKey } from '../log/recent-ids.js';
import type { EventRecord } from '../log/record.js';
import { TOMBSTONE } from '../log/revision.js';
import { isSoftDeleted } from '../log/stream-metadata.js';
import { firstVisible, isYoungEnough } from '../services/links.js';
import { filterOf, type EventFilter } from '../wire/filter.js';
import type { From } from '../wire/read-requests.js';
import type { Message } from './message.js';
import { ALL, type GroupSource } from './settings.js';

/** What a group's messages are read from, from one place on. */
export type Source = Readonly<{
  /**
   * Hands over the next messages, in order; about so many at most.
   * @throws DataDamaged where an event cannot be read: what came before it has been handed over
   */
  read: (limit: number, isLive: boolean, take: (message: Message) => void) => void;
  /** There was nothing more when it was read last. */
  isAtEnd: () => boolean;
  /** Everything through this place was read, and either given out or not wanted. */
  through: () => number;
  /** The last event that was seen; `undefined` before the first. */
  lastKnown: () => number | undefined;
}>;

/** What decides which consumer an event is pinned to. */
export type PinOf = (event: EventRecord) => string;

const messageOf = (event: EventRecord, place: Readonly<{ order: number; before: number }>, isLive: boolean, pinOf: PinOf): Message => ({
  id: idKey(event.id),
  position: event.position,
  ...place,
  isReplayed: false,
  isLive,
  pin: pinOf(event),
  retries: 0,
});

/** A stream's events, as its metadata shows them. @param from the first revision */
const streamSource = (log: EventLog, streamName: string, from: number, pinOf: PinOf): Source => {
  let next = from;
  let isAtEnd = false;
  let lastKnown: number | undefined;
  return {
    isAtEnd: () => isAtEnd,
    through: () => next - 1,
    lastKnown: () => lastKnown,
    read: (limit, isLive, take) => {
      const first = firstVisible(log, streamName);
      const isHidden = isSoftDeleted(log.metadataOf(streamName));
      if (next < first && !isHidden) next = first;
      const positions = isHidden ? [] : log.positionsOf(streamName, { from: next, limit });
      for (const position of positions) {
        const event = log.at(position);
        const { revision } = event;
        if (revision === TOMBSTONE) break;
        if (isYoungEnough(log, streamName, event)) take(messageOf(event, { order: revision, before: revision - 1 }, isLive, pinOf));
        next = revision + 1;
        lastKnown = revision;
      }
      isAtEnd = positions.length < limit;
    },
  };
};

/**
 * All events that a filter lets through, but for what the group itself writes: it would never come to an end.
 * @param from the first position
 */
const allSource = (log: EventLog, from: number, matches: EventFilter, isOwn: (streamName: string) => boolean, pinOf: PinOf): Source => {
  let next = log.boundaryAt(from);
  let through = from - 1;
  let isAtEnd = false;
  let lastKnown: number | undefined;
  return {
    isAtEnd: () => isAtEnd,
    through: () => through,
    lastKnown: () => lastKnown,
    read: (limit, isLive, take) => {
      let taken = 0;
      for (const event of log.forwards(next)) {
        if (taken >= limit) break;
        const { position } = event;
        next = event.end;
        // a place that the log has yet to come to is waited for
        if (position < from) continue;
        if (matches(event) && !isOwn(event.streamName)) {
          take(messageOf(event, { order: position, before: through }, isLive, pinOf));
          taken++;
          lastKnown = position;
        }
        through = position;
      }
      isAtEnd = next >= log.end;
    },
  };
};

/** The source of a group. @param from the first place */
export const sourceOf = (
  log: EventLog,
  { streamName, filter }: GroupSource,
  from: number,
  isOwn: (streamName: string) => boolean,
  pinOf: PinOf,
): Source => {
  if (streamName !== ALL) return streamSource(log, streamName, from, pinOf);
  return allSource(log, from, filter ? filterOf(filter) : () => true, isOwn, pinOf);
};

/** The place behind everything that is there now. */
export const endOf = (log: EventLog, streamName: string): number =>
  streamName === ALL ? log.end : Math.min(log.lastRevision(streamName), TOMBSTONE - 1) + 1;

/** The first place of a start, for a group that begins now. */
export const firstPlace = (log: EventLog, streamName: string, start: From): number => {
  if (start === 'start') return 0;
  return start === 'end' ? endOf(log, streamName) : start;
};

/** The first place behind another. */
export const placeBehind = (log: EventLog, streamName: string, place: number): number =>
  streamName === ALL ? log.behind(place) : place + 1;
