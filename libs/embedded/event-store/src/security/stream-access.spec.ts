import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventLog } from '../log/event-log.js';
import { systemEvent, Writing } from '../log/writing.js';
import type { Principal } from './principal.js';
import { StreamAccess, type StreamOperation } from './stream-access.js';

const admin: Principal = { username: 'ada', groups: ['$admins'] };
const ops: Principal = { username: 'olga', groups: ['$ops'] };
const user: Principal = { username: 'bob', groups: ['team'] };

let log: EventLog;
let writing: Writing;
let access: StreamAccess;
const write = (streamName: string, value: object) => writing.append(streamName, 'any', [systemEvent('$metadata', JSON.stringify(value))]);

beforeAll(async () => {
  log = await EventLog.open();
  writing = new Writing(log);
  access = new StreamAccess(log);
  await write('$$by-name', { $acl: { $r: 'bob', $w: 'olga' } });
  await write('$$by-group', { $acl: { $r: ['nobody', 'team'], $mw: 'team' } });
  await write('$$for-all', { $acl: { $r: '$all', $w: '$all' } });
  await write('$$$shared', { $acl: { $r: 'bob' } });
  await write('$$$all', { $acl: { $r: 'team' } });
  await write('$$for-nobody', { $acl: { $r: [] } });
});
afterAll(() => log.close());

const allowed = (principal: Principal, streamName: string) =>
  (['read', 'write', 'delete'] as StreamOperation[]).filter((operation) => access.allows(principal, operation, streamName)).join(' ');

describe('access to streams', () => {
  it.each<[Principal, string, string]>([
    [user, 'plain', 'read write delete'],
    [user, 'by-name', 'read delete'],
    [ops, 'by-name', 'write delete'],
    [admin, 'by-name', 'read write delete'],
    [user, 'by-group', 'read write delete'],
    [ops, 'by-group', 'write delete'],
    [ops, 'for-nobody', 'write delete'],
    [admin, 'for-nobody', 'read write delete'],
    // system streams are the administrators', where they do not say otherwise
    [user, '$system', ''],
    [ops, '$system', ''],
    [admin, '$system', 'read write delete'],
    [user, '$shared', 'read'],
    // metadata is another matter than the stream
    [user, '$$plain', 'read write'],
    [user, '$$by-name', 'read write'],
    [ops, '$$by-group', 'read'],
    [user, '$$by-group', 'read write'],
    [user, '$$$system', ''],
    // what nobody may
    [admin, '$$plain', 'read write'],
    [admin, '$all', 'read'],
    ['system', '$all', 'read'],
    ['system', '$$plain', 'read write'],
    // all events
    [user, '$all', 'read'],
    [ops, '$all', ''],
    // nobody known
    ['anonymous', 'plain', ''],
    ['anonymous', 'for-all', ''],
    ['system', '$system', 'read write delete'],
  ])('%p and %s: %s', (principal, streamName, expected) => {
    expect(allowed(principal, streamName)).toBe(expected);
  });

  it('follows what the settings say of all streams, as soon as they do', async () => {
    await writing.append('$settings', 'any', [
      systemEvent('$settings', JSON.stringify({ $userStreamAcl: { $w: 'team' }, $systemStreamAcl: { $r: '$ops' } })),
    ]);
    expect([allowed(user, 'plain'), allowed(ops, 'plain')]).toEqual(['read write delete', 'read delete']);
    expect([allowed(user, '$system'), allowed(ops, '$system')]).toEqual(['', 'read']);
    expect(allowed(user, '$shared')).toBe('read');
    await writing.append('$settings', 'any', [systemEvent('$settings', 'nonsense')]);
    expect(allowed(ops, 'plain')).toBe('read write delete');
  });
});
