import { expect, it } from '@jest/globals';
import { proposed, recordsOf } from './log.fixture.js';
import { idKey, RecentIds } from './recent-ids.js';
import type { EventRecord } from './record.js';

const idOf = (n: number) => {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(n);
  return id;
};
const event = (n: number, revision = n) =>
  recordsOf([{ stream: 's', revision, event: proposed('T', '', { id: idOf(n) }) }], 0, 1)[0] as EventRecord;

it('the latest 65,536 events are remembered, one that came again from then on', () => {
  const recent = new RecentIds();
  const revision = (n: number) => recent.get(idKey(idOf(n)))?.revision;
  for (let n = 0; n < 65_535; n++) recent.add(event(n));
  recent.add(event(0, 70_000));
  expect([revision(0), revision(1), revision(65_534)]).toEqual([70_000, 1, 65_534]);
  recent.add(event(65_535));
  recent.add(event(65_536));
  expect([revision(0), revision(1), revision(2), revision(65_536), recent.size]).toEqual([70_000, undefined, 2, 65_536, 65_536]);
});
