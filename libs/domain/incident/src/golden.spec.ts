import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fold, fromStore, toStore, type EventMetadata, type StoredEvent } from '#kernel';
import { incidentCatalogue } from './catalogue.js';
import { storyEvent, storyEventToWrite, STORY } from './golden.fixture.js';
import { incidentDecider, type IncidentEvent, type IncidentEventType } from './incident.js';

const FOLDER = join(import.meta.dirname, 'golden');

type Golden = Readonly<{ storedType: string; data: unknown; metadata: EventMetadata }>;

/** Events as the log holds them, one per stored name: written once, never changed. */
const golden = new Map(
  readdirSync(FOLDER).map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Golden]),
);
const types = Object.keys(STORY) as IncidentEventType[];

const asRead = ({ storedType, data, metadata }: Golden): IncidentEvent => {
  const place = { id: '1', streamName: 'incident-INC0000123', revision: 1n, position: 1n, recordedAt: '2026-01-05T09:00:00.000Z' };
  return fromStore<IncidentEvent>(incidentCatalogue, { ...place, storedType, data, metadata } satisfies StoredEvent);
};

/** The same shuffles on every run. */
const random = (seed: number) => () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;

describe('what was written once', () => {
  it('has a golden event for every stored name, and none for others', () => {
    expect([...golden.keys()].sort()).toEqual([...incidentCatalogue.storedTypes].sort());
  });

  it.each([...golden])('%s is read and folded', (storedType, event) => {
    expect(event.storedType).toBe(storedType);
    const read = asRead(event);
    expect(types).toContain(read.type);
    expect(fold(incidentDecider, [storyEvent('IncidentReported'), read])).toMatchObject({
      reporter: 'lena.peeters',
      revision: expect.any(Number),
    });
  });

  // a difference here is a new shape: it takes an upcaster in catalogue.ts and a golden event X.vN.json beside the old one
  it.each(types)('%s is written today as its golden event was', (type) => {
    const { storedType, data, metadata } = toStore(incidentCatalogue, storyEventToWrite(type));
    expect(JSON.parse(JSON.stringify({ storedType, data, metadata }))).toEqual(golden.get(storedType));
  });
});

describe('history brought from elsewhere', () => {
  it('is folded in whatever order it happened, legal or not', () => {
    const events = [...golden.values()].map(asRead);
    const next = random(7);
    for (let run = 0; run < 500; run++) {
      const shuffled = events.map((event) => ({ event, at: next() })).sort((a, b) => a.at - b.at);
      const incident = fold(
        incidentDecider,
        shuffled.map(({ event }) => event),
      );
      expect(incident.status).not.toBe('unreported');
    }
  });

  it('says nothing about an incident that nobody reported', () => {
    const others = types.filter((type) => type !== 'IncidentReported').map(storyEvent);
    expect(fold(incidentDecider, others)).toEqual({ status: 'unreported' });
  });
});
