import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { command, dataFolder, type Command } from '../support/program.js';

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
