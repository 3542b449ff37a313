import { describe, expect, it } from '@jest/globals';
import type { Delivery, Event, Recorded } from '#kernel';
import { incidentCatalogue, type IncidentEvent } from '#domain/incident';
import { memoryLog, recorded } from '#testing';
import { SiteDefinitions } from '#domain/definitions';
import type { Reviews } from '../reviews.js';
import { systemTime } from '../time.js';
import type { FollowUp } from './follow-up.js';
import { Reactor } from './reactor.js';

const incidentId = 'INC0000001';
const history: IncidentEvent[] = [
  { type: 'IncidentReported', data: { incidentId, title: 'No mail', reporter: 'bob', channel: 'phone' } },
  { type: 'IncidentCategorized', data: { incidentId, category: 'mail', subcategory: null, by: 'person' } },
  { type: 'IncidentAcknowledged', data: { incidentId } },
];

const NOW = '2026-01-05T09:00:00.000Z';

type Seen = { reads: number; known: (number | undefined)[]; latest: (string | null)[]; done: number };

/** A reactor that is handed some of an incident's events, so long after they were recorded; the stream has all of them. */
const reactingTo = async (revisions: readonly number[], { lateMs = 0, judgesSpeak = false } = {}): Promise<Seen> => {
  const seen: Seen = { reads: 0, known: [], latest: [], done: 0 };
  const all = recorded<IncidentEvent>(history).map((event) => ({ ...event, recordedAt: NOW }));
  const log = memoryLog({ catalogue: incidentCatalogue });
  const followUp: FollowUp = {
    types: ['IncidentReported'],
    follow: ({ latest }) => {
      seen.latest.push(latest.category);
      return Promise.resolve();
    },
  };
  const deliveries = revisions.map((revision): Delivery => ({
    event: all[revision] as Recorded<Event>,
    retries: 0,
    done: () => Promise.resolve(void seen.done++),
    again: () => Promise.reject(new Error('handed over again')),
    park: () => Promise.reject(new Error('parked')),
  }));
  const reactor = new Reactor(
    {
      consumers: {
        consume: async function* () {
          yield* deliveries;
        } as never,
        groupStatus: () => Promise.resolve(undefined),
        retryParked: () => Promise.resolve(undefined),
      },
      log: {
        ...log,
        readStream: async function* () {
          seen.reads++;
          yield* all;
        } as never,
      },
      site: new SiteDefinitions(log),
      reviews: {
        review: (_: string, __: unknown, known?: readonly unknown[]) => {
          seen.known.push(known?.length);
          return Promise.resolve({ revision: 0n, position: 0n, changed: judgesSpeak, repeated: false });
        },
      } as unknown as Reviews,
      followUps: [followUp],
      time: { ...systemTime, nowMs: () => Date.parse(NOW) + lateMs },
      siteChanged: () => undefined,
    },
    {},
  );
  await reactor.run(new AbortController().signal);
  return seen;
};

describe('what follows from the events of an incident', () => {
  it('is found from these alone, where they are the first ones and have just been recorded', async () => {
    expect(await reactingTo([0, 1])).toEqual({ reads: 0, known: [2], latest: ['mail'], done: 2 });
    expect(await reactingTo([0])).toEqual({ reads: 0, known: [1], latest: [null], done: 1 });
  });

  it('is found from the stream, where something came before them', async () => {
    expect(await reactingTo([1, 2])).toEqual({ reads: 0, known: [undefined], latest: [], done: 2 });
    expect(await reactingTo([2, 0])).toMatchObject({ reads: 1, known: [undefined], latest: ['mail'] });
  });

  it('is found from the stream, where more may have happened since: time has passed, or the judges have spoken', async () => {
    expect(await reactingTo([0], { lateMs: 6_000 })).toMatchObject({ reads: 1, known: [1], latest: ['mail'] });
    expect(await reactingTo([0], { judgesSpeak: true })).toMatchObject({ reads: 1, known: [1], latest: ['mail'] });
  });
});
