import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { credentialsIn, openDataFolder, readJsonFile, writePrivateFile, type DataFolder } from './data-folder.js';
import { claim, type Owner } from './ownership.js';

let folder: DataFolder;
beforeEach(() => {
  folder = openDataFolder(mkdtempSync(join(tmpdir(), 'faultline-data-')));
});
afterEach(() => rmSync(folder.path, { recursive: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;
const mine = async (command = 'import') => {
  const claimed = await claim(folder, { command, patienceMs: 0 });
  if (claimed.kind !== 'mine') throw new Error('It is theirs');
  return claimed.ownership;
};

/** A pid that was alive and is not. */
const deadPid = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid as number;
};

/** A process that lives until the test ends it. */
const living = () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  return { pid: child.pid as number, end: () => void child.kill('SIGKILL') };
};

describe('the data folder', () => {
  it('keeps its credentials, for its owner alone', () => {
    const first = credentialsIn(folder);
    expect(first.eventStore.password).toHaveLength(32);
    expect(first.eventStore.password).not.toBe(first.mongo.password);
    expect(credentialsIn(folder)).toEqual(first);
    expect(modeOf(folder.credentials)).toBe(0o600);
  });

  it('says which one it is, and what to set, where it cannot be made or written to', () => {
    const file = join(folder.path, 'file');
    writePrivateFile(file, {});
    expect(() => openDataFolder(join(file, 'below'))).toThrow(/^The data folder .*below cannot be made: .*Set FAULTLINE_DATA/);
    const gone = openDataFolder(join(folder.path, 'gone'));
    rmSync(gone.path, { recursive: true });
    expect(() => credentialsIn(gone)).toThrow(/^The data folder .*gone cannot be written to: .*Set FAULTLINE_DATA/);
  });
});

describe('claim', () => {
  it('is ours where nobody is, and leaves nothing behind', async () => {
    const ownership = await mine();
    ownership.publish({ eventStoreUri: 'esdb://127.0.0.1:1', mongoUri: 'mongodb://127.0.0.1:2' });
    expect(modeOf(folder.endpoints)).toBe(0o600);
    expect(readJsonFile<Owner>(folder.endpoints)).toMatchObject({
      pid: process.pid,
      command: 'import',
      endpoints: { eventStoreUri: 'esdb://127.0.0.1:1' },
    });
    ownership.release();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('takes over from the dead, and from a later process with the same pid', async () => {
    writePrivateFile(folder.endpoints, { pid: await deadPid(), command: 'start', roles: ['api'] } satisfies Owner);
    (await mine()).release();
    writePrivateFile(folder.endpoints, { pid: process.ppid, startTicks: '1', command: 'start', roles: ['api'] } satisfies Owner);
    await mine();
  });

  it('waits for a command that will end', async () => {
    const other = living();
    writePrivateFile(folder.endpoints, { ...(await ownerOf(other.pid)), command: 'import' } satisfies Owner);
    const waited: string[] = [];
    const claimed = claim(folder, {
      command: 'kpis',
      patienceMs: 10_000,
      onWait: ({ command }) => {
        waited.push(command);
        other.end();
      },
    });
    expect((await claimed).kind).toBe('mine');
    expect(waited).toEqual(['import']);
  });

  it('says who is in the way when the wait is over', async () => {
    const other = living();
    try {
      writePrivateFile(folder.endpoints, { ...(await ownerOf(other.pid)), command: 'import' } satisfies Owner);
      await expect(claim(folder, { command: 'kpis', patienceMs: 0 })).rejects.toThrow(
        `faultline import (process ${other.pid}) is still using the data folder`,
      );
    } finally {
      other.end();
    }
  });

  it('is of the server that answers, but no second server serves', async () => {
    const other = living();
    const node = createServer().listen(0, '127.0.0.1');
    await once(node, 'listening');
    try {
      const endpoints = {
        eventStoreUri: `esdb://127.0.0.1:${(node.address() as AddressInfo).port}?tls=false`,
        mongoUri: 'mongodb://127.0.0.1',
      };
      writePrivateFile(folder.endpoints, { ...(await ownerOf(other.pid)), command: 'start', roles: ['api'], endpoints } satisfies Owner);
      expect(await claim(folder, { command: 'kpis', patienceMs: 0 })).toMatchObject({ kind: 'theirs', owner: { endpoints } });
      await expect(claim(folder, { command: 'start', roles: ['api'], patienceMs: 0 })).rejects.toThrow('serves the data folder');
    } finally {
      node.close();
      other.end();
    }
  });

  it('is given to one of many who ask at once, after a crash too', async () => {
    writePrivateFile(folder.endpoints, { pid: await deadPid(), command: 'start', roles: ['api'] } satisfies Owner);
    const claims = await Promise.allSettled(
      Array.from({ length: 4 }, () => claim(folder, { command: 'start', roles: ['api'], patienceMs: 200 })),
    );
    expect(claims.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
  });
});

/** What a living process would have written of itself. */
const ownerOf = async (pid: number): Promise<Pick<Owner, 'pid' | 'startTicks'>> => {
  const { readFile } = await import('node:fs/promises');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const startTicks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return { pid, ...(startTicks && { startTicks }) };
};
