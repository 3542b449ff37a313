import { randomUUID } from 'node:crypto';
import { eventCatalogue } from './catalogue.js';
import { WrongExpectedRevision } from './errors.js';
import type { Actor, Event } from './event.js';
import { NO_STREAM, type EventLog } from './event-log.js';

/** Numbers from `from` through `through` are taken; the next one free is `through + 1`. */
export type NumberEvent = Event<'NumbersReserved', { from: number; through: number }>;

export const numberCatalogue = eventCatalogue<NumberEvent>({ NumbersReserved: { storedName: 'NumbersReserved' } });

const RESERVING: Actor = { kind: 'service', id: 'number-sequence' };

/** Hands out 1, 2, 3, … each to one caller, in any number of processes. */
export interface NumberSequence {
  /** The next number that nobody has. */
  next(): Promise<number>;
  /** Gives back a number that was not used; it is the next one to go out. */
  release(number: number): void;
  /** Takes everything through this number, where it is not taken yet: for numbers that come from elsewhere. */
  reserveThrough(number: number): Promise<void>;
}

/**
 * A sequence kept in one stream of the log.
 *
 * Callers that wait together are served together: one append reserves exactly as many numbers as there are callers waiting, so that
 * throughput grows with load while nothing is reserved ahead of need. A gap can only come from a process that dies between reserving
 * and using: at most as many numbers as it had requests in flight, however long it ran. The append is made at the revision read, so
 * no two processes ever reserve the same number.
 */
export const numberSequence = (log: EventLog, streamName: string): NumberSequence => {
  const waiting: { resolve: (number: number) => void; reject: (error: unknown) => void }[] = [];
  const returned: number[] = [];
  let tail: { revision: bigint; through: number } | undefined;
  let serving = false;

  const readTail = async () => {
    const last = await log.readLast<NumberEvent>(streamName);
    return last ? { revision: last.revision, through: last.data.through } : { revision: NO_STREAM, through: 0 };
  };

  /** Reserves what `upTo` asks for behind the tail; a lost race reads the tail anew: each loss is another's progress. */
  const reserve = async (upTo: (through: number) => number): Promise<{ from: number; through: number }> => {
    for (;;) {
      tail ??= await readTail();
      const from = tail.through + 1;
      const through = upTo(tail.through);
      if (through < from) return { from, through };
      const commandId = randomUUID();
      try {
        const { revision } = await log.append(streamName, tail.revision, [
          {
            id: commandId,
            event: { type: 'NumbersReserved', data: { from, through } },
            metadata: { $correlationId: commandId, $causationId: commandId, commandId, actor: RESERVING },
          },
        ]);
        tail = { revision, through };
        return { from, through };
      } catch (error) {
        tail = undefined;
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  };

  const serve = async () => {
    if (serving) return;
    serving = true;
    while (waiting.length > 0) {
      const callers = waiting.splice(0);
      try {
        const { from } = await reserve((through) => through + callers.length);
        callers.forEach(({ resolve }, n) => resolve(from + n));
      } catch (error) {
        for (const { reject } of callers) reject(error);
      }
    }
    serving = false;
  };

  return {
    next: () => {
      const back = returned.shift();
      if (back !== undefined) return Promise.resolve(back);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        // those who ask in this same turn of the event loop are served by one append
        setImmediate(() => void serve());
      });
    },
    release: (number) => {
      returned.push(number);
      returned.sort((a, b) => a - b);
    },
    reserveThrough: async (number) => {
      tail = undefined;
      await reserve(() => number);
    },
  };
};
