import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another process has the folder. */
export class FolderInUse extends Error {
  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(`The folder ${folder} belongs to process ${pid}, which is running: stop it, or take another folder`);
    this.name = 'FolderInUse';
  }

  /** The same error again, from its message. */
  static from(message: string): FolderInUse {
    const [, folder = '', pid = '0'] = /^The folder (.*) belongs to process (\d+),/s.exec(message) ?? [];
    return new FolderInUse(folder, Number(pid));
  }
}

const CANNOT_WRITE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC']);

/** Says of a folder what the system says of one of its files. */
const unusable = (folder: string, error: unknown): unknown => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return CANNOT_WRITE.has(code) ? new Error(`The folder ${folder} cannot be written: ${message}`, { cause: error }) : error;
};

/** Numbers of processes are used again: where the system tells when one began, that tells it from a later one. */
const startOf = (pid: number): string => {
  try {
    // field 22 of proc(5) stat, counted behind the name, which may hold anything
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
};

const isRunning = (pid: number, start: string): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return start === '' || startOf(pid) === start;
};

const exists = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST';
const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const contentOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** Folders of this very process: it may run several nodes, but not two on one folder. */
const own = new Set<string>();

/**
 * Takes a folder for this process, until the returned function gives it back. The lock of a process that is gone is taken over.
 * @throws FolderInUse naming the folder and the process that has it; Error where it cannot be written
 */
export const lockFolder = (folder: string): (() => void) => {
  try {
    return lock(folder);
  } catch (error) {
    throw unusable(folder, error);
  }
};

const lock = (folder: string): (() => void) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'owner.pid');
  const mine = `${path}.${process.pid}`;
  if (own.has(path)) throw new FolderInUse(folder, process.pid);
  for (;;) {
    // written first and linked then, so that nobody ever sees a lock without its owner
    writeFileSync(mine, `${process.pid} ${startOf(process.pid)}`, { mode: 0o600 });
    try {
      linkSync(mine, path);
      own.add(path);
      return () => {
        own.delete(path);
        rmSync(path, { force: true });
      };
    } catch (error) {
      if (!exists(error)) throw error;
    } finally {
      rmSync(mine, { force: true });
    }
    const content = contentOf(path);
    if (content === undefined) continue;
    const [pid = '', start = ''] = content.trim().split(' ');
    if (Number(pid) !== process.pid && Number(pid) > 0 && isRunning(Number(pid), start)) throw new FolderInUse(folder, Number(pid));
    // moved away rather than removed: of two who find the same old lock, one moves it
    const old = `${mine}.old`;
    try {
      renameSync(path, old);
    } catch (error) {
      if (isMissing(error)) continue;
      throw error;
    }
    // another's new lock, taken in the meantime, goes back
    if (contentOf(old) !== content) linkSync(old, path);
    rmSync(old, { force: true });
  }
};
