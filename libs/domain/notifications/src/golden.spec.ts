import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fold, fromStore, toStore, type Event, type EventMetadata } from '#kernel';
import { anyNoticeCatalogue, storyEventToWrite, STORY, type AnyNoticeEvent } from './golden.fixture.js';
import { noticeCatalogue, noticeDecider, type Notice, type NoticeEvent } from './notice.js';

const FOLDER = join(import.meta.dirname, 'golden');

type Golden = Readonly<{ storedType: string; data: unknown; metadata: EventMetadata }>;

/** Events as the log holds them, one per stored name: written once, never changed. */
const golden = new Map(
  readdirSync(FOLDER).map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Golden]),
);
const types = Object.keys(STORY) as AnyNoticeEvent['type'][];

const asRead = <E extends Event>({ storedType, data, metadata }: Golden): E => {
  const place = { id: '1', streamName: 'notice-1', revision: 0n, position: 1n, recordedAt: '2026-01-05T10:52:00.000Z' };
  return fromStore<E>(anyNoticeCatalogue, { ...place, storedType, data, metadata }) as E;
};

describe('what was written once', () => {
  it('has a golden event for every stored name, and none for others', () => {
    expect([...golden.keys()].sort()).toEqual([...anyNoticeCatalogue.storedTypes].sort());
  });

  it.each([...golden])('%s is read', (storedType, event) => {
    expect(event.storedType).toBe(storedType);
    expect(types).toContain(asRead(event).type);
  });

  // a difference here is a new shape: it takes an upcaster in the catalogue and a golden event X.vN.json beside the old one
  it.each(types)('%s is written today as its golden event was', (type) => {
    const { storedType, data, metadata } = toStore(anyNoticeCatalogue, storyEventToWrite(type));
    expect(JSON.parse(JSON.stringify({ storedType, data, metadata }))).toEqual(golden.get(storedType));
  });
});

describe('a notice of the log', () => {
  const events = [...golden.values()]
    .filter(({ storedType }) => noticeCatalogue.storedTypes.includes(storedType))
    .map((event) => asRead<NoticeEvent>(event));

  it('is folded in whatever order its events are', () => {
    for (let turn = 0; turn < events.length; turn++) {
      const turned = [...events.slice(turn), ...events.slice(0, turn)];
      expect(fold<Notice, NoticeEvent>(noticeDecider, turned).status).not.toBe('unqueued');
    }
  });

  it('says nothing about one that nobody queued', () => {
    expect(
      fold<Notice, NoticeEvent>(
        noticeDecider,
        events.filter(({ type }) => type !== 'NoticeQueued'),
      ),
    ).toEqual({ status: 'unqueued' });
  });
});
