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
}

/** One process owns a data folder. Its file names the process and, where the system tells it, when that process began. */
interface Owner {
  pid: number;
  /** From /proc; a process id is used again after a restart (in a container it is nearly always 1), its start time is not. */
  began: string | null;
}

const FILE = 'node.lock';

const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The name, in brackets, may hold spaces; of the fields after it the 20th is the start time (proc(5)).
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? null : `${boot}/${ticks}`;
  } catch {
    return null;
  }
};

const lives = ({ pid, began }: Owner): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return began === null || now === null || began === now;
};

const ownerIn = (path: string): Owner | undefined => {
  try {
    const { pid, began } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Owner>;
    return Number.isInteger(pid) ? { pid: pid as number, began: began ?? null } : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Takes the data folder for this process; answers how to give it back. A lock whose process is gone is taken over.
 * @throws FolderInUse naming the folder and the process that has it
 */
export const lockFolder = (folder: string): (() => void) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE);
  const mine = join(folder, `${FILE}.${process.pid}.${Math.random().toString(36).slice(2)}`);
  writeFileSync(mine, JSON.stringify({ pid: process.pid, began: startOf(process.pid) } satisfies Owner), { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link appears whole or not at all: nobody ever reads a half-written lock.
        linkSync(mine, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = ownerIn(path);
      if (owner && lives(owner)) throw new FolderInUse(folder, owner.pid);
      const stale = `${mine}.stale`;
      try {
        renameSync(path, stale);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
        throw error;
      }
      // Another process may have taken the dead lock over just before the rename: then what was renamed is its living lock. Put it back.
      const moved = ownerIn(stale);
      if (moved && lives(moved)) renameSync(stale, path);
      else rmSync(stale, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
};
