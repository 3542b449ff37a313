import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEventStoreNode } from '../index.js';
import { scratchFolder } from '../log/log.fixture.js';
import { isPasswordOf } from '../security/password.js';
import { accountsIn } from './accounts.js';

const PASSWORDS = ['EMBEDDED_EVENT_STORE_ADMIN_PASSWORD', 'EMBEDDED_EVENT_STORE_OPS_PASSWORD'] as const;
let folder: ReturnType<typeof scratchFolder>;
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => {
  folder.remove();
  for (const name of PASSWORDS) Reflect.deleteProperty(process.env, name);
});

it('the first start makes users, and leaves their passwords for whoever started it', async () => {
  const { users } = await accountsIn(folder.path);
  expect(users.map(({ username, groups }) => `${username} ${groups.join()}`)).toEqual(['admin $admins', 'ops $ops']);
  const left = readFileSync(join(folder.path, 'initial-passwords.txt'), 'utf8');
  const [, password] = /^admin (\S{24})$/m.exec(left) ?? [];
  const admin = users[0] as { passwordHash: string };
  expect(await isPasswordOf(admin.passwordHash, password as string)).toBe(true);
  for (const file of ['initial-passwords.txt', 'users.json']) expect(statSync(join(folder.path, file)).mode & 0o077).toBe(0);
  expect(readFileSync(join(folder.path, 'users.json'), 'utf8')).not.toContain(password);
  expect(await accountsIn(folder.path)).toEqual({ users });

  const node = await startEventStoreNode({ dataDir: folder.path, security: { users }, thread: 'same' });
  const uri = node.connectionString.replace('://127.0.0.1', `://admin:${password}@localhost`);
  const client = EventStoreDBClient.connectionString(`${uri}&tlsCAFile=${encodeURIComponent(node.caFile as string)}`);
  await client.appendToStream('$system', jsonEvent({ type: 'Happened', data: {} }));
  await client.dispose();
  await node.stop();
});

it('the environment has the last word on passwords', async () => {
  process.env.EMBEDDED_EVENT_STORE_ADMIN_PASSWORD = 'changeit';
  const admin = { username: 'admin', groups: ['$admins'], password: 'changeit' };
  expect(await accountsIn(undefined)).toEqual({ users: [admin] });
  expect(await accountsIn(folder.path)).toEqual({ users: [admin] });
  Reflect.deleteProperty(process.env, PASSWORDS[0]);
  const { users: made } = await accountsIn(folder.path);
  process.env.EMBEDDED_EVENT_STORE_ADMIN_PASSWORD = 'changeit';
  expect(await accountsIn(folder.path)).toEqual({ users: [admin, made[1]] });
});

it('what cannot be is said, and what would be right', async () => {
  await expect(accountsIn(undefined)).rejects.toThrow(
    'A node in memory takes its password from EMBEDDED_EVENT_STORE_ADMIN_PASSWORD, or is --insecure',
  );
  writeFileSync(join(folder.path, 'users.json'), '[{"username":"admin","groups":["$admins"],"passwordHash":"changeit"}]');
  await expect(accountsIn(folder.path)).rejects.toThrow(/users\.json is not a list of users, each with username, groups and passwordHash/);
});
