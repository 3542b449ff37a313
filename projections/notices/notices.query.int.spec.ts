import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_STREAM, pageOf, type FindSpec } from '#kernel';
import { noticeCatalogue, noticeStream, type NoticeDataOf, type NoticeEvent } from '#domain/notifications';
import { ViewReaders, type AnyProjection, type ViewReader } from '#adapters/read-models';
import { memoryLog, newEvents } from '#testing';
import { project } from '../../libs/adapters/read-models/src/house.fixture.js';
import { MongoFixture } from '../../libs/adapters/read-models/src/mongo.fixture.js';
import { notices } from './notices.projection.js';
import { dueNotices, heldFor, nextNotice, noticesPage, NOTICES_SORT, type ListedNotice, type NoticeFilter } from './notices.query.js';

const at = (time: string) => `2026-01-05T${time}:00.000Z`;
let now = at('09:00');
const log = memoryLog({ catalogue: noticeCatalogue, clock: { now: () => now } });
const mongo = new MongoFixture();
let reader: ViewReader;

type Queued = NoticeDataOf<'NoticeQueued'>;

/** Puts a notice in the outbox at a time of the day, with what became of it since. */
const queue = async (time: string, noticeId: string, more: Partial<Queued> = {}, ...since: NoticeEvent[]): Promise<void> => {
  now = at(time);
  const data: Queued = {
    noticeId,
    incidentId: 'INC0000001',
    eventId: `event of ${noticeId}`,
    eventType: 'IncidentAssigned',
    recipient: { person: 'lena' },
    channel: 'email',
    kind: 'update',
    template: 'assigned-to-you',
    templateVersion: 1,
    language: 'en',
    subject: `Subject of ${noticeId}`,
    text: 'Text',
    notBefore: now,
    why: 'It was assigned to them',
    ...more,
  };
  const events: NoticeEvent[] = [{ type: 'NoticeQueued', data }, ...since];
  await log.append(noticeStream(noticeId), NO_STREAM, newEvents(noticeStream(noticeId), `queue ${noticeId}`, ...events));
};

const sent = (noticeId: string): NoticeEvent[] => [
  { type: 'NoticeAttempted', data: { noticeId, attempt: 1, by: 'a', leaseUntil: at('09:02') } },
  { type: 'NoticeSent', data: { noticeId, attempt: 1, receipt: { reference: noticeId, answer: '250' } } },
];
const failed = (noticeId: string, nextAttemptAt: string): NoticeEvent[] => [
  { type: 'NoticeAttempted', data: { noticeId, attempt: 1, by: 'a', leaseUntil: at('09:02') } },
  { type: 'NoticeFailed', data: { noticeId, attempt: 1, error: 'Nobody there', nextAttemptAt } },
];

beforeAll(async () => {
  await mongo.start();
  await queue('09:00', 'sent', {}, ...sent('sent'));
  await queue('09:01', 'failed', {}, ...failed('failed', at('09:05')));
  await queue('09:02', 'page', {
    kind: 'page',
    template: 'on-call-page',
    incidentId: 'INC0000002',
    channel: 'console',
    recipient: { person: 'tom' },
  });
  await queue('09:03', 'held-1', { notBefore: at('18:00') });
  await queue('09:03', 'held-2', { notBefore: at('18:00') });
  await queue('09:04', 'held-later', { notBefore: at('19:00') });
  await queue('09:05', 'held-elsewhere', { notBefore: at('18:00'), channel: 'console' });
  await queue('09:06', 'held-for-tom', { notBefore: at('18:00'), recipient: { person: 'tom' } });
  await queue(
    '09:07',
    'combined',
    { notBefore: at('18:00') },
    { type: 'NoticeCombined', data: { noticeId: 'combined', digestId: 'digest' } },
  );
  await queue('09:08', 'digest', { kind: 'digest', incidentId: null, eventId: null, eventType: null, combines: ['combined'] });
  await queue('09:09', 'webhook', { channel: 'webhook', recipient: { endpoint: 'chat' } });
  const models = mongo.database();
  await project(models, log, notices as unknown as AnyProjection, 4);
  reader = new ViewReaders(models).of(notices as never);
});
afterAll(() => mongo.stop());

const ids = async (spec: FindSpec) => (await reader.read((view) => view.list<{ _id: string }>(spec))).value.map(({ _id }) => _id);

describe('what is due', () => {
  it('is what waits for its time and is there, the earliest first', async () => {
    expect(await ids(dueNotices(at('09:05'), 10))).toEqual(['page', 'failed']);
    expect(await ids(dueNotices(at('09:09'), 3))).toEqual(['page', 'failed', 'digest']);
  });

  it('leaves out what has been sent, given up, or put together', async () => {
    const due = await ids(dueNotices(at('23:00'), 100));
    expect(due).toHaveLength(9);
    expect(due).not.toEqual(expect.arrayContaining(['sent']));
    expect(due).not.toEqual(expect.arrayContaining(['combined']));
  });

  it('comes next at the earliest instant of all', async () => {
    const { value } = await reader.read((view) => view.list<{ _id: string; dueAt: string }>(nextNotice()));
    expect(value).toMatchObject([{ _id: 'page', dueAt: at('09:02') }]);
  });
});

describe('what is held', () => {
  it('is what waits for the same recipient on the same channel until the same instant, oldest first', async () => {
    expect(await ids(heldFor('person:lena', 'email', at('18:00'), 10))).toEqual(['held-1', 'held-2']);
    expect(await ids(heldFor('person:lena', 'email', at('19:00'), 10))).toEqual(['held-later']);
    expect(await ids(heldFor('person:tom', 'email', at('18:00'), 10))).toEqual(['held-for-tom']);
    expect(await ids(heldFor('person:lena', 'email', at('18:00'), 1))).toEqual(['held-1']);
  });
});

/** Every page of a list, one after the other. */
const pages = async (filter: NoticeFilter, limit: number): Promise<string[][]> => {
  const all: string[][] = [];
  for (let cursor: string | undefined; ;) {
    const spec = noticesPage(filter, { limit, ...(cursor !== undefined && { cursor }) });
    const { value } = await reader.read((view) => view.list<ListedNotice & { _id: string }>(spec));
    const { items, next } = pageOf(NOTICES_SORT, limit, value);
    all.push(items.map(({ noticeId }) => noticeId));
    if (next === undefined) return all;
    cursor = next;
  }
};

describe('the list of notices', () => {
  it('has the newest first, and tells apart what was queued at the same instant', async () => {
    const all = [
      ['webhook', 'digest', 'combined', 'held-for-tom'],
      ['held-elsewhere', 'held-later', 'held-1', 'held-2'],
      ['page', 'failed', 'sent'],
    ];
    expect(await pages({}, 4)).toEqual(all);
    expect((await pages({}, 1)).flat()).toEqual(all.flat());
  });

  it.each<[filter: NoticeFilter, found: string[]]>([
    [{ status: 'sent' }, ['sent']],
    [{ status: 'combined' }, ['combined']],
    [{ incidentId: 'INC0000002' }, ['page']],
    [{ recipient: 'endpoint:chat' }, ['webhook']],
    [{ recipient: 'person:tom' }, ['held-for-tom', 'page']],
    [{ channel: 'console' }, ['held-elsewhere', 'page']],
    [{ channel: 'console', recipient: 'person:lena' }, ['held-elsewhere']],
    [{ recipient: 'person:nobody' }, []],
    [{ occasion: 'on-call-page' }, ['page']],
    [{ occasion: 'resolved' }, []],
  ])('of %j', async (filter, found) => {
    expect((await pages(filter, 2)).flat()).toEqual(found);
  });

  it('has no texts', async () => {
    const { value } = await reader.read((view) => view.list<object>(noticesPage({ status: 'sent' }, { limit: 5 })));
    expect(value).toHaveLength(1);
    expect(value[0]).toMatchObject({ subject: 'Subject of sent', why: 'It was assigned to them' });
    expect(value[0]).not.toHaveProperty('text');
    expect(value[0]).not.toHaveProperty('state');
  });
});
