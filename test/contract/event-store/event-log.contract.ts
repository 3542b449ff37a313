import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { LOG_START, NO_STREAM, WrongExpectedRevision, type EventLog, type LogMessage, type NewEvent } from '#kernel';
import { collect, lit, newEvents, putOut, type LampEvent } from '#testing';

/** A log to try, and how to leave it. Its catalogue has the lamp's words. */
export type OpenedLog = Readonly<{ log: EventLog; close(): Promise<void> }>;

/**
 * What the program relies on in its log, whoever implements it. Every stream and event id is new, so that it can be run on a server
 * that others use, as often as wanted.
 */
export const describeEventLog = (name: string, open: () => Promise<OpenedLog>) => {
  describe(`${name} as an event log`, () => {
    let opened: OpenedLog;
    let log: EventLog;
    beforeAll(async () => {
      opened = await open();
      log = opened.log;
    });
    afterAll(() => opened?.close());

    /** Begins the names of all streams of one test. */
    let ours: string;
    beforeEach(() => {
      ours = `lamp-${randomUUID()}-`;
    });

    const events = (streamName: string, ...of: LampEvent[]): NewEvent[] => newEvents(streamName, randomUUID(), ...of);
    const watts = (...of: number[]): LampEvent[] => of.map((each) => lit(each));
    const appendNew = (streamName: string, ...of: LampEvent[]) => log.append(streamName, NO_STREAM, events(streamName, ...of));
    const read = (streamName: string, range?: { from?: bigint; through?: bigint }) => collect(log.readStream<LampEvent>(streamName, range));
    const wattsOf = (of: readonly LampEvent[]) => of.map((event) => (event.type === 'LampLit' ? event.data.watts : 0));

    describe('append', () => {
      it('numbers the events of a stream from 0, and answers where the last one stands', async () => {
        const first = await appendNew(`${ours}1`, lit(40), putOut);
        expect(first.revision).toBe(1n);
        const second = await log.append(`${ours}1`, 1n, events(`${ours}1`, lit(60)));
        expect(second.revision).toBe(2n);

        const stored = await read(`${ours}1`);
        expect(stored.map(({ revision }) => revision)).toEqual([0n, 1n, 2n]);
        expect([stored[1]?.position, stored[2]?.position]).toEqual([first.position, second.position]);
      });

      it('gives strictly increasing positions, across streams', async () => {
        const appended = [];
        for (let n = 0; n < 10; n++) appended.push(await appendNew(`${ours}${n}`, lit(n), putOut));
        const all = await collect(log.readAll({ after: LOG_START, streamPrefixes: [ours] }));
        const positions = all.map(({ position }) => position);
        expect(positions).toHaveLength(20);
        expect(positions.every((position, n) => n === 0 || position > (positions[n - 1] as bigint))).toBe(true);
        expect(positions.filter((_, n) => n % 2 === 1)).toEqual(appended.map(({ position }) => position));
      });

      it.each([
        { at: 'a stream that exists, for a new one', expected: NO_STREAM },
        { at: 'a revision that was left behind', expected: 0n },
        { at: 'a revision that is not there yet', expected: 2n },
      ])('refuses $at, and says where the stream is', async ({ expected }) => {
        await appendNew(`${ours}1`, ...watts(1, 2));
        const refused = log.append(`${ours}1`, expected, events(`${ours}1`, lit(3), lit(4)));
        await expect(refused).rejects.toMatchObject({ constructor: WrongExpectedRevision, streamName: `${ours}1`, expected, actual: 1n });
        expect(wattsOf(await read(`${ours}1`))).toEqual([1, 2]);
      });

      it('refuses a revision of a stream that does not exist', async () => {
        const refused = log.append(`${ours}1`, 0n, events(`${ours}1`, lit(3)));
        await expect(refused).rejects.toMatchObject({ constructor: WrongExpectedRevision, expected: 0n, actual: NO_STREAM });
        expect(await read(`${ours}1`)).toEqual([]);
      });

      it('writes nothing for the same events at the same revision, and answers as the first time', async () => {
        const [first, second] = [events(`${ours}1`, ...watts(1, 2)), events(`${ours}1`, ...watts(3, 4))];
        const answers = [await log.append(`${ours}1`, NO_STREAM, first), await log.append(`${ours}1`, 1n, second)];
        await log.append(`${ours}1`, 3n, events(`${ours}1`, lit(5)));

        expect(await log.append(`${ours}1`, 1n, second)).toEqual(answers[1]);
        expect(await log.append(`${ours}1`, NO_STREAM, first)).toEqual(answers[0]);
        expect(wattsOf(await read(`${ours}1`))).toEqual([1, 2, 3, 4, 5]);
      });

      it('refuses the same events with others among them', async () => {
        const [first, second] = events(`${ours}1`, ...watts(1, 2)) as [NewEvent, NewEvent];
        const [other] = events(`${ours}1`, lit(3)) as [NewEvent];
        await log.append(`${ours}1`, NO_STREAM, [first, second]);
        for (const mixture of [[first, other], [other, second], [first, second, other], [second]]) {
          await expect(log.append(`${ours}1`, NO_STREAM, mixture)).rejects.toBeInstanceOf(WrongExpectedRevision);
        }
        expect(wattsOf(await read(`${ours}1`))).toEqual([1, 2]);
      });

      it('lets one of many win that append at one revision', async () => {
        const rivals = Array.from({ length: 20 }, (_, n) => log.append(`${ours}1`, NO_STREAM, events(`${ours}1`, lit(n))));
        const outcomes = await Promise.allSettled(rivals);
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(WrongExpectedRevision);
        expect(await read(`${ours}1`)).toHaveLength(1);
      });

      it('takes hundreds at once in streams of their own', async () => {
        const appends = Array.from({ length: 300 }, (_, n) => appendNew(`${ours}${n}`, lit(n)));
        const positions = (await Promise.all(appends)).map(({ position }) => position);
        expect(new Set(positions).size).toBe(300);
      });

      it('wants at least one event', async () => {
        await expect(log.append(`${ours}1`, NO_STREAM, [])).rejects.toBeInstanceOf(RangeError);
      });
    });

    describe('an event', () => {
      it('comes back as it was written, with its place and its times', async () => {
        const note = 'Käfer 🐞 \u0000 "quoted"\n' + 'x'.repeat(100_000);
        const [event] = events(`${ours}1`, lit(40, note)) as [NewEvent];
        const { position } = await log.append(`${ours}1`, NO_STREAM, [event]);
        const [stored] = await read(`${ours}1`);
        expect(stored).toEqual({
          ...event.event,
          ...{ id: event.id, streamName: `${ours}1`, revision: 0n, position },
          ...{ recordedAt: stored?.recordedAt, occurredAt: stored?.recordedAt },
          metadata: { ...event.metadata, schemaVersion: 2 },
        });
        expect(stored?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      });

      it('keeps when it happened apart from when it was recorded', async () => {
        const occurredAt = '2020-02-29T12:00:00.000Z';
        const happened = events(`${ours}1`, lit(40)).map((event) => ({ ...event, metadata: { ...event.metadata, occurredAt } }));
        await log.append(`${ours}1`, NO_STREAM, happened);
        const [stored] = await read(`${ours}1`);
        expect(stored?.occurredAt).toBe(occurredAt);
        expect(stored?.recordedAt).not.toBe(occurredAt);
      });
    });

    describe('readStream', () => {
      it('has nothing of a stream that does not exist', async () => {
        expect(await read(`${ours}1`)).toEqual([]);
        expect(await log.readLast(`${ours}1`)).toBeUndefined();
      });

      it('reads from one revision through another, both included', async () => {
        await appendNew(`${ours}1`, ...watts(0, 1, 2, 3, 4));
        expect(wattsOf(await read(`${ours}1`, { from: 3n }))).toEqual([3, 4]);
        expect(wattsOf(await read(`${ours}1`, { from: 1n, through: 2n }))).toEqual([1, 2]);
        expect(wattsOf(await read(`${ours}1`, { through: 0n }))).toEqual([0]);
        expect(wattsOf(await read(`${ours}1`, { through: 99n }))).toEqual([0, 1, 2, 3, 4]);
        expect(wattsOf(await read(`${ours}1`, { from: 5n }))).toEqual([]);
        expect(wattsOf(await read(`${ours}1`, { from: 2n, through: 1n }))).toEqual([]);
      });

      it('finds the last event', async () => {
        await appendNew(`${ours}1`, ...watts(0, 1, 2));
        expect(await log.readLast(`${ours}1`)).toMatchObject({ revision: 2n, data: { watts: 2 } });
      });

      it('keeps the order of thousands, and can be left at any of them', async () => {
        const all = Array.from({ length: 3_000 }, (_, n) => n);
        await appendNew(`${ours}1`, ...watts(...all.slice(0, 1_500)));
        await log.append(`${ours}1`, 1_499n, events(`${ours}1`, ...watts(...all.slice(1_500))));
        expect(wattsOf(await read(`${ours}1`))).toEqual(all);

        let seen = 0;
        for await (const { revision } of log.readStream(`${ours}1`)) {
          seen++;
          if (revision === 1_000n) break;
        }
        expect(seen).toBe(1_001);
      });
    });

    describe('readAll', () => {
      /** Six events in three streams: 1, 10, 100, 2, 20, 200. */
      const sixEvents = async () => {
        for (const n of [1, 10, 100]) await appendNew(`${ours}${n}`, lit(n));
        for (const n of [1, 10, 100]) await log.append(`${ours}${n}`, 0n, events(`${ours}${n}`, lit(2 * n)));
        return (await readAll({})).map(({ position }) => position) as [bigint, bigint, bigint, bigint, bigint, bigint];
      };
      const readAll = (range: Partial<Parameters<EventLog['readAll']>[0]>) =>
        collect(log.readAll<LampEvent>({ after: LOG_START, streamPrefixes: [ours], ...range }));

      it('hands over the log in order, by prefix of stream', async () => {
        await sixEvents();
        expect(wattsOf(await readAll({}))).toEqual([1, 10, 100, 2, 20, 200]);
        expect(wattsOf(await readAll({ streamPrefixes: [`${ours}10`] }))).toEqual([10, 100, 20, 200]);
        expect(wattsOf(await readAll({ streamPrefixes: [`${ours}100`, 'nothing-'] }))).toEqual([100, 200]);
        expect(wattsOf(await readAll({ streamPrefixes: [] }))).toEqual([]);
      });

      it('begins behind one position and ends with another', async () => {
        const [first, second, third, fourth, , last] = await sixEvents();
        expect(wattsOf(await readAll({ after: first, through: fourth }))).toEqual([10, 100, 2]);
        expect(wattsOf(await readAll({ after: second, through: third }))).toEqual([100]);
        expect(wattsOf(await readAll({ after: second, through: second }))).toEqual([]);
        expect(wattsOf(await readAll({ after: last }))).toEqual([]);
      });

      it('begins and ends at positions of other streams, too', async () => {
        const [, second, , , fifth] = await sixEvents();
        expect(wattsOf(await readAll({ after: second, through: fifth, streamPrefixes: [`${ours}100`] }))).toEqual([100]);
      });

      it('hands over so many and no more', async () => {
        const [first] = await sixEvents();
        expect(wattsOf(await readAll({ after: first, limit: 2 }))).toEqual([10, 100]);
        expect(wattsOf(await readAll({ limit: 0 }))).toEqual([]);
      });
    });

    describe('headPosition', () => {
      it('is at the last append or behind it', async () => {
        const { position } = await appendNew(`${ours}1`, lit(1));
        expect(await log.headPosition()).toBeGreaterThanOrEqual(position);
      });
    });

    describe('subscribe', () => {
      const subscribe = (more: Partial<Parameters<EventLog['subscribe']>[0]> = {}) =>
        log.subscribe<LampEvent>({ after: LOG_START, streamPrefixes: [ours], ...more })[Symbol.asyncIterator]();

      const told = (message: LogMessage<LampEvent> | undefined) =>
        message?.kind === 'event' ? wattsOf([message.event])[0] : message?.kind;

      /** What is handed over until there is nothing more. */
      const untilCaughtUp = async (messages: AsyncIterator<LogMessage<LampEvent>>) => {
        const all = [];
        for (;;) {
          const message = told((await messages.next()).value);
          all.push(message);
          if (message === 'caught-up') return all;
        }
      };

      /** Handed over so many events, whatever else: their watts. */
      const take = async (messages: AsyncIterator<LogMessage<LampEvent>>, count: number) => {
        const all: unknown[] = [];
        while (all.length < count) {
          const message = told((await messages.next()).value);
          if (message !== 'caught-up') all.push(message);
        }
        return all;
      };

      it('hands over what was, says so, and then whatever comes', async () => {
        await appendNew(`${ours}1`, ...watts(1, 2));
        const messages = subscribe();
        expect(await untilCaughtUp(messages)).toEqual([1, 2, 'caught-up']);
        await appendNew(`${ours}2`, lit(3));
        expect(await untilCaughtUp(messages)).toEqual([3, 'caught-up']);
        await appendNew(`${ours}3`, lit(4));
        expect(await untilCaughtUp(messages)).toEqual([4, 'caught-up']);
        await messages.return?.();
      });

      it('is caught up at once where there is nothing', async () => {
        const messages = subscribe();
        expect(await untilCaughtUp(messages)).toEqual(['caught-up']);
        await messages.return?.();
      });

      it('says up to where it is caught up, events of other streams included', async () => {
        await appendNew(`${ours}1`, lit(1));
        const { position } = await appendNew(`other-${ours}`, lit(2));
        const messages = subscribe();
        expect(told((await messages.next()).value)).toBe(1);
        const message = (await messages.next()).value as LogMessage;
        expect(message.kind === 'caught-up' && message.position >= position).toBe(true);
        await messages.return?.();
      });

      it('begins behind a position', async () => {
        const { position } = await appendNew(`${ours}1`, ...watts(1, 2));
        await appendNew(`${ours}2`, lit(3));
        const messages = subscribe({ after: position });
        expect(await untilCaughtUp(messages)).toEqual([3, 'caught-up']);
        await messages.return?.();
      });

      it('hands over the streams that were asked for', async () => {
        for (const n of [1, 10, 2]) await appendNew(`${ours}${n}`, lit(n));
        const messages = subscribe({ streamPrefixes: [`${ours}1`] });
        expect(await untilCaughtUp(messages)).toEqual([1, 10, 'caught-up']);
        await appendNew(`${ours}20`, lit(20));
        await appendNew(`${ours}11`, lit(11));
        expect(await untilCaughtUp(messages)).toEqual([11, 'caught-up']);
        await messages.return?.();
      });

      it('hands over each event once and in order while others write', async () => {
        const all = Array.from({ length: 1_000 }, (_, n) => n);
        await appendNew(`${ours}1`, ...watts(...all.slice(0, 500)));
        const messages = subscribe();
        const writing = (async () => {
          for (const n of all.slice(500)) await appendNew(`${ours}${n}`, lit(n));
        })();
        expect(await take(messages, 1_000)).toEqual(all);
        await writing;
        await messages.return?.();
      });

      it('waits for a slow reader, and leaves nothing out', async () => {
        const all = Array.from({ length: 2_000 }, (_, n) => n);
        const messages = subscribe();
        expect(await untilCaughtUp(messages)).toEqual(['caught-up']);
        // the whole of it is written before the reader looks at any
        for (let n = 0; n < all.length; n += 100) await appendNew(`${ours}${n}`, ...watts(...all.slice(n, n + 100)));
        expect(await take(messages, all.length)).toEqual(all);
        await messages.return?.();
      });

      it('ends quietly on its signal: before it begins, while it waits, and between two events', async () => {
        expect(await collect(log.subscribe({ after: LOG_START, streamPrefixes: [ours], signal: AbortSignal.abort() }))).toEqual([]);

        const waiting = new AbortController();
        const atTheEnd = subscribe({ signal: waiting.signal });
        await untilCaughtUp(atTheEnd);
        const next = atTheEnd.next();
        waiting.abort();
        expect(await next).toMatchObject({ done: true });

        await appendNew(`${ours}1`, ...watts(1, 2, 3));
        const between = new AbortController();
        const underWay = subscribe({ signal: between.signal });
        expect(told((await underWay.next()).value)).toBe(1);
        between.abort();
        expect(await underWay.next()).toMatchObject({ done: true });
      });

      it('can be left and taken up again at any event', async () => {
        await appendNew(`${ours}1`, ...watts(1, 2, 3, 4, 5));
        const seen: unknown[] = [];
        for (let position = LOG_START; seen.length < 5;) {
          for await (const message of log.subscribe<LampEvent>({ after: position, streamPrefixes: [ours] })) {
            if (message.kind !== 'event') continue;
            seen.push(told(message));
            position = message.event.position;
            break;
          }
        }
        expect(seen).toEqual([1, 2, 3, 4, 5]);
      });
    });
  });
};
