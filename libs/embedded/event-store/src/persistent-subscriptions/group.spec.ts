import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { EventLog } from '../log/event-log.js';
import { proposed } from '../log/log.fixture.js';
import { Writing } from '../log/writing.js';
import type { Consumer } from './consumer.js';
import { Groups } from './groups.js';
import type { GroupSettings } from './settings.js';

let log: EventLog;
let writing: Writing;
let groups: Groups;
const faults: Error[] = [];
beforeEach(async () => {
  log = await EventLog.open();
  writing = new Writing(log);
  groups = new Groups(log, writing, (error) => faults.push(error));
});
afterEach(() => log.close());

const EAGER: GroupSettings = {
  startFrom: 'start',
  resolveLinks: false,
  extraStatistics: false,
  messageTimeoutMs: 10_000,
  maxRetryCount: 10,
  checkpointAfterMs: 1_000,
  minCheckpointCount: 1,
  maxCheckpointCount: 1,
  maxSubscriberCount: 0,
  liveBufferSize: 10,
  readBatchSize: 10,
  historyBufferSize: 20,
  strategy: 'RoundRobin',
};

it('writes nothing more once it has stopped, whatever its members answer then', async () => {
  await writing.append('s', 'any', [proposed('T'), proposed('T'), proposed('T')]);
  await groups.create('g', { streamName: 's' }, EAGER, 'somebody');
  const group = groups.get('s', 'g');
  const given: string[] = [];
  const member = {
    options: { bufferSize: 10, mayRead: () => true },
    inFlight: new Map(),
    hasRoom: true,
    send: ({ id }: { id: string }) => given.push(id),
    release: () => undefined,
    drop: () => undefined,
  } as unknown as Consumer;
  group.connect(member);
  expect(given).toHaveLength(3);

  group.acknowledge(member, given.slice(0, 1));
  await groups.stop();
  expect(group.lastCheckpoint).toBe(0);
  await writing.settled();
  const { end } = log;

  group.acknowledge(member, given.slice(1, 2));
  group.refuse(member, given.slice(2), 'park', 'too late');
  await writing.settled();
  expect([log.end, faults]).toEqual([end, []]);
});
