import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { command, dataFolder, root, type Command } from '../support/program.js';

let folder: ReturnType<typeof dataFolder>;
let starting: Command | undefined;
beforeEach(() => {
  folder = dataFolder();
});
afterEach(async () => {
  starting?.kill();
  await starting?.finished;
  folder.remove();
});

it('ends, and says what to set, where another program listens at its port', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    starting = command(folder.path, ['start'], { FAULTLINE_PORT: String(port) });
    const { code, stderr } = await starting.finished;
    expect(stderr).toContain(`The API cannot listen at port ${port} of 127.0.0.1: another program listens there. Set FAULTLINE_HOST and`);
    expect(stderr).not.toContain('cannot be reached');
    expect(code).toBe(1);
  } finally {
    other.close();
  }
}, 30_000);

it('ends, and does not go on without it, where a role on a thread of its own meets a fault', async () => {
  const { href } = new URL(`file://${join(root, 'test/support/fault-in-role.mjs')}`);
  starting = command(folder.path, ['start'], { NODE_OPTIONS: `--import=${href}` });
  const { code, stdout, stderr } = await starting.finished;
  expect(stdout).toContain('is ready');
  expect(stderr).toContain('a fault on purpose');
  expect(code).not.toBe(0);
}, 30_000);

it('says what is wrong with the file of webhooks before anything runs', async () => {
  const webhooks = join(folder.path, 'webhooks.yaml');
  writeFileSync(webhooks, 'chat:\n  url: https://example.org/in\n');
  starting = command(folder.path, ['start'], { FAULTLINE_WEBHOOKS: webhooks });
  const { code, stdout, stderr } = await starting.finished;
  expect(stderr).toContain('chat.secrets is a list of 1 to 3');
  expect(stderr).not.toContain('    at ');
  expect(stdout).not.toContain('is ready');
  expect(code).toBe(2);
}, 30_000);
