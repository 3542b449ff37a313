import {
  ErrorType,
  jsonEvent,
  NO_STREAM as DRIVER_NO_STREAM,
  type EventData,
  type EventStoreDBClient,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { setTimeout as delay } from 'node:timers/promises';
import {
  InvalidInput,
  NO_STREAM,
  toStore,
  WrongExpectedRevision,
  type Appended,
  type Event,
  type EventCatalogue,
  type EventLog,
} from '#kernel';
import type { Connection } from './connection.js';
import { within } from './deadline.js';
import { failureAt, isConnectionFailure, isOfType, unavailable } from './failures.js';
import { lanes } from './lanes.js';
import { checkStreamName } from './stream-name.js';

/** EventStoreDB's limit for one append, in bytes: 1 MiB. */
export const MAX_APPEND_BYTES = 1_048_576;

/** What the server gets to write an append, in milliseconds. */
const SERVER_DEADLINE_MS = 10_000;

/** The driver's batch append waits for an answer for ever; we do not. */
const CLIENT_DEADLINE_MS = SERVER_DEADLINE_MS + 2_000;

/** A lost answer is asked for once more, after this pause: the ids make sure that nothing is written twice. */
const PAUSE_BEFORE_RETRY_MS = 100;

/**
 * All appends of a client share one gRPC stream. Where more than 16 messages wait on it, the driver (6.2.1, backpressuredWrite) queues them, and
 * a connection lost at that moment rejects promises that nobody can catch, which ends the process. With fewer it never queues. Under load, several
 * clients take turns, each with a connection of its own: the log writes what arrives together at the price of one.
 */
const APPENDS_OF_A_CLIENT = 15;
export const APPENDING_CLIENTS = 4;

/** An event as the driver takes it. Metadata goes as the bytes that it is stored as: the driver would take objects to them by way of base64. */
type ToAppend = EventData & Readonly<{ metadata: Uint8Array }>;

const utf8 = new TextEncoder();

/** Newer servers count data, metadata and the type in UTF-16; older ones count the data only. We hold the stricter one. */
const sizeOf = ({ type, data, metadata }: ToAppend): number =>
  Buffer.byteLength(JSON.stringify(data)) + metadata.byteLength + 2 * type.length;

const checkSize = (events: readonly ToAppend[]) => {
  const bytes = events.reduce((sum, event) => sum + sizeOf(event), 0);
  if (bytes <= MAX_APPEND_BYTES) return;
  throw new InvalidInput(
    'APPEND_TOO_LARGE',
    `What is to be recorded at once comes to ${bytes} bytes; the log takes up to ${MAX_APPEND_BYTES}`,
  );
};

const isWrongExpectedVersion = (error: unknown): error is WrongExpectedVersionError => isOfType(error, ErrorType.WRONG_EXPECTED_VERSION);

/**
 * Appends as `EventLog` says: never with ANY, so that the ids make each append safe to repeat.
 * @param clients all of them of that connection's server
 * @throws InvalidInput where the events come to more than 1 MiB, or the stream cannot have that name
 * @throws Unavailable where no answer came, twice; the events may have been written or not, and the same append tells
 */
export const appending = (
  { endpoint }: Connection,
  clients: readonly EventStoreDBClient[],
  catalogue: EventCatalogue<Event>,
): EventLog['append'] => {
  const withRoom = lanes(clients, APPENDS_OF_A_CLIENT);

  const appendOnce = async (
    client: EventStoreDBClient,
    streamName: string,
    expectedRevision: bigint,
    events: EventData[],
  ): Promise<Appended> => {
    const answer = client.appendToStream(streamName, events, {
      expectedRevision: expectedRevision === NO_STREAM ? DRIVER_NO_STREAM : expectedRevision,
      deadline: SERVER_DEADLINE_MS,
    });
    const { nextExpectedRevision, position } = await within(CLIENT_DEADLINE_MS, answer, () =>
      unavailable(endpoint, `no answer to an append within ${CLIENT_DEADLINE_MS / 1000} s`),
    );
    if (!position) throw new Error(`The event store at ${endpoint} answered an append to ${streamName} without a position`);
    return { revision: nextExpectedRevision, position: position.commit };
  };

  return async (streamName, expectedRevision, events) => {
    checkStreamName(streamName);
    if (events.length === 0) throw new RangeError('An append has at least one event');
    const toAppend = events.map((event): ToAppend => {
      const { id, storedType, data, metadata } = toStore(catalogue, event);
      return jsonEvent({ id, type: storedType, data: data as Record<string, unknown>, metadata: utf8.encode(JSON.stringify(metadata)) });
    });
    checkSize(toAppend);

    return withRoom(async (client) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await appendOnce(client, streamName, expectedRevision, toAppend);
        } catch (error) {
          if (isWrongExpectedVersion(error)) {
            const actual = typeof error.actualVersion === 'bigint' ? error.actualVersion : NO_STREAM;
            throw new WrongExpectedRevision(streamName, expectedRevision, actual);
          }
          if (attempt === 2 || !isConnectionFailure(error)) throw failureAt(endpoint, error);
          await delay(PAUSE_BEFORE_RETRY_MS);
        }
      }
    });
  };
};
