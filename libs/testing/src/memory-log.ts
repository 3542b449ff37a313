import {
  fromStore,
  LOG_START,
  NO_STREAM,
  toStore,
  WrongExpectedRevision,
  type Appended,
  type Event,
  type EventCatalogue,
  type EventLog,
  type EventToStore,
  type LogMessage,
  type Recorded,
} from '#kernel';
import { fixedClock, type Clock } from './fixed-clock.js';
import { jsonText } from './json-text.js';

export type MemoryLogOptions = Readonly<{
  catalogue: EventCatalogue<Event>;
  /** Gives `recordedAt`. */
  clock?: Clock;
}>;

type Entry = Readonly<{ id: string; streamName: string; revision: bigint; position: bigint; recordedAt: string; text: string }>;

/** As in a log file, the distance between two positions says nothing; only their order does. */
const POSITIONS_APART = 100n;

const startsWithOneOf = (prefixes: readonly string[]) => (entry: Entry) => prefixes.some((prefix) => entry.streamName.startsWith(prefix));

/**
 * The log in memory, for tests: the answers of an EventStoreDB, to the letter of `EventLog`.
 * Events are kept as JSON text, so that what does not survive JSON fails here and not in production, and so that nobody shares an object.
 */
export const memoryLog = ({ catalogue, clock = fixedClock() }: MemoryLogOptions): EventLog => {
  const log: Entry[] = [];
  const streams = new Map<string, Entry[]>();
  const waiting = new Set<() => void>();

  const streamOf = (streamName: string): readonly Entry[] => streams.get(streamName) ?? [];

  const recall = <E extends Event>({ text, ...place }: Entry): Recorded<E> => {
    const { storedType, data, metadata } = JSON.parse(text) as EventToStore;
    return fromStore<E>(catalogue, { ...place, storedType, data, metadata });
  };

  /** The first place behind a position: entries stand in order. */
  const indexBehind = (position: bigint) => {
    let [low, high] = [0, log.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((log[middle] as Entry).position > position) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  const nextAppend = (signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal?.addEventListener('abort', wake);
    });

  /** Where the very same events stand behind the expected revision already, the answer they got the first time. */
  const answeredBefore = (stream: readonly Entry[], expected: bigint, ids: readonly string[]): Appended | undefined => {
    const there = stream.slice(Number(expected) + 1, Number(expected) + 1 + ids.length);
    const last = there.at(-1);
    return last && there.length === ids.length && there.every(({ id }, n) => id === ids[n]) ? last : undefined;
  };

  return {
    async *readStream<E extends Event>(streamName: string, { from = 0n, through }: { from?: bigint; through?: bigint } = {}) {
      const end = through === undefined ? undefined : Number(through) + 1;
      for (const entry of streamOf(streamName).slice(Number(from), end)) yield recall<E>(entry);
    },

    readLast: async <E extends Event>(streamName: string) => {
      const last = streamOf(streamName).at(-1);
      return last && recall<E>(last);
    },

    append: async (streamName, expectedRevision, events) => {
      if (events.length === 0) throw new RangeError('An append has at least one event');
      const texts = events.map((event) => jsonText(toStore(catalogue, event), event.event.type));
      const stream = streams.get(streamName) ?? [];
      const actual = stream.at(-1)?.revision ?? NO_STREAM;

      if (expectedRevision !== actual) {
        const ids = events.map(({ id }) => id);
        const before = expectedRevision < actual && answeredBefore(stream, expectedRevision, ids);
        if (before) return { revision: before.revision, position: before.position };
        throw new WrongExpectedRevision(streamName, expectedRevision, actual);
      }

      const recordedAt = clock.now();
      events.forEach(({ id }, n) => {
        const position = (log.at(-1)?.position ?? 0n) + POSITIONS_APART;
        const entry = { id, streamName, revision: BigInt(stream.length), position, recordedAt, text: texts[n] as string };
        stream.push(entry);
        log.push(entry);
      });
      streams.set(streamName, stream);
      for (const wake of waiting) wake();
      const { revision, position } = stream.at(-1) as Entry;
      return { revision, position };
    },

    async *readAll<E extends Event>({ after, through, streamPrefixes, limit = Infinity }: Parameters<EventLog['readAll']>[0]) {
      const range = log.slice(indexBehind(after), through === undefined ? undefined : indexBehind(through));
      for (const entry of range.filter(startsWithOneOf(streamPrefixes)).slice(0, limit)) yield recall<E>(entry);
    },

    async *subscribe<E extends Event>({
      after,
      streamPrefixes,
      signal,
    }: Parameters<EventLog['subscribe']>[0]): AsyncGenerator<LogMessage<E>> {
      const isWanted = startsWithOneOf(streamPrefixes);
      let next = indexBehind(after);
      let isNews = true;
      while (!signal?.aborted) {
        const entry = log[next];
        if (entry) {
          next++;
          if (!isWanted(entry)) continue;
          isNews = true;
          yield { kind: 'event', event: recall<E>(entry) };
        } else if (isNews) {
          isNews = false;
          yield { kind: 'caught-up', position: log.at(-1)?.position ?? LOG_START };
        } else {
          await nextAppend(signal);
        }
      }
    },

    headPosition: async () => log.at(-1)?.position ?? LOG_START,
  };
};
