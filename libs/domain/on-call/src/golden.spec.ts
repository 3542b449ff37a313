import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fold, fromStore, toStore, type EventMetadata, type StoredEvent } from '#kernel';
import { STORY, METADATA } from './golden.fixture.js';
import { onCallCatalogue, onCallDecider, type OnCallEvent } from './timeline.js';

const FOLDER = join(import.meta.dirname, 'golden');

type Golden = Readonly<{ storedType: string; data: unknown; metadata: EventMetadata }>;

/** Events as the log holds them, one per stored name: written once, never changed. */
const golden = new Map(
  readdirSync(FOLDER).map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Golden]),
);

const asRead = ({ storedType, data, metadata }: Golden): OnCallEvent => {
  const place = { id: '1', streamName: 'on-call-schedule-payments', revision: 1n, position: 1n, recordedAt: '2026-01-05T09:00:00.000Z' };
  return fromStore<OnCallEvent>(onCallCatalogue, { ...place, storedType, data, metadata } satisfies StoredEvent);
};

describe('what was written once', () => {
  it('has a golden event for every stored name, and none for others', () => {
    expect([...golden.keys()].sort()).toEqual([...onCallCatalogue.storedTypes].sort());
  });

  it.each([...golden])('%s is read', (storedType, event) => {
    expect(event.storedType).toBe(storedType);
    expect(asRead(event)).toMatchObject(
      STORY.find(({ type }) => onCallCatalogue.storedForm(type).storedType === storedType) as OnCallEvent,
    );
  });

  // a difference here is a new shape: it takes an upcaster in the catalogue and a golden event X.vN.json beside the old one
  it.each(STORY)('$type is written today as its golden event was', (event) => {
    const { storedType, data, metadata } = toStore(onCallCatalogue, { id: '1', event, metadata: METADATA });
    expect(JSON.parse(JSON.stringify({ storedType, data, metadata }))).toEqual(golden.get(storedType));
  });

  it('is folded in its order', () => {
    const story = STORY.map(({ type }) => asRead(golden.get(onCallCatalogue.storedForm(type).storedType) as Golden));
    expect(fold(onCallDecider, story)).toMatchObject({
      versions: [{ version: 1 }],
      exceptions: [{ kind: 'override', removedFrom: '2026-01-13T10:00:00.000Z' }, { kind: 'swap' }],
      retirements: [{ version: 1 }],
    });
  });
});
