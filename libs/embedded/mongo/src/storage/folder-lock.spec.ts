import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderInUse, lockFolder } from './folder-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-mongo-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = () => join(folder, 'node.lock');

describe('a data folder', () => {
  it('has one owner at a time, who is named to others', () => {
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(FolderInUse);
    expect(() => lockFolder(folder)).toThrow(`${folder} belongs to process ${process.pid}`);
    release();
    lockFolder(folder)();
    expect(existsSync(lock())).toBe(false);
  });

  it('is taken over from a process that is gone', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    writeFileSync(lock(), JSON.stringify({ pid, began: null }));
    const release = lockFolder(folder);
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid });
    release();
  });

  it('is taken over from a process whose number another one has now', () => {
    writeFileSync(lock(), JSON.stringify({ pid: process.pid, began: 'an earlier start of the machine/1' }));
    lockFolder(folder)();
  });

  it('is taken over where the lock says nothing', () => {
    writeFileSync(lock(), '');
    lockFolder(folder)();
  });
});
