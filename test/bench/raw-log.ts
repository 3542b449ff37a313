import { EventStoreDBClient, jsonEvent, NO_STREAM, START, type EventData, type ResolvedEvent } from '@eventstore/db-client';
import { LOG_START } from '#kernel';
import { inFlight } from './comparison.js';

/** How many calls the raw side has under way at once, as the program's side has requests. */
export const IN_FLIGHT = 64;

/** Events that belong into one stream, in order; one append writes them. */
export type Stream = Readonly<{ name: string; events: readonly EventData[] }>;

/** The log by its own driver, with nothing of ours around it. */
export const rawLog = (uri: string) => {
  const client = EventStoreDBClient.connectionString(uri);

  async function* incidentEvents(after: bigint): AsyncGenerator<NonNullable<ResolvedEvent['event']>> {
    const fromPosition = after === LOG_START ? START : { commit: after, prepare: after };
    for await (const { event } of client.readAll({ fromPosition })) {
      if (event?.streamId.startsWith('incident-') && (event.position?.commit ?? LOG_START) > after) yield event;
    }
  }

  return {
    /** What stands in the streams of incidents behind a position, ready to be appended somewhere else under new ids. */
    incidentStreams: async (after: bigint): Promise<Stream[]> => {
      const streams = new Map<string, EventData[]>();
      for await (const { streamId, type, data, metadata } of incidentEvents(after)) {
        const event = jsonEvent({ type, data: data as Record<string, unknown>, metadata: metadata as Record<string, unknown> });
        const events = streams.get(streamId);
        if (events) events.push(event);
        else streams.set(streamId, [event]);
      }
      return [...streams].map(([name, events]) => ({ name, events }));
    },

    /** Appends to new streams under a prefix that no view is made of, 64 calls at a time. */
    append: (streams: readonly Stream[], prefix: string) =>
      inFlight(IN_FLIGHT, streams, ({ name, events }) =>
        client.appendToStream(`${prefix}-${name}`, [...events], { expectedRevision: NO_STREAM }),
      ),

    /** Reads the whole log. @returns how many events it has */
    readAll: async (): Promise<number> => {
      let events = 0;
      for await (const _ of client.readAll()) events++;
      return events;
    },

    dispose: () => client.dispose(),
  };
};

export const eventsIn = (streams: readonly Stream[]): number => streams.reduce((sum, { events }) => sum + events.length, 0);
