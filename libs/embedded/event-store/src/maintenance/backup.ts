import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { lockFolder } from '../folder-lock.js';
import { DataDamaged } from '../log/damage.js';
import { indexFolder, logFolder } from '../log/event-log.js';
import { LogReader } from '../log/log-reader.js';
import { syncFolder } from '../log/segment.js';
import { StreamIndex } from '../log/stream-index.js';
import type { BackupReport, VerifyReport } from '../options.js';
import { verify } from './verify.js';

const isEmpty = (folder: string): boolean => !existsSync(folder) || readdirSync(folder).length === 0;

/** Copies an index and then its log: a log that is ahead of its index is what every start makes good. */
const copy = async (from: string, to: string): Promise<void> => {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  if (existsSync(indexFolder(from))) {
    const index = new StreamIndex(indexFolder(from), { durable: true, readOnly: true });
    try {
      await index.copyTo(indexFolder(to));
    } finally {
      await index.close();
    }
  }
  const log = LogReader.open(logFolder(from));
  try {
    await log.copyTo(logFolder(to));
  } finally {
    log.close();
  }
  syncFolder(to);
};

/**
 * Copies the events of a data folder, as far as they are acknowledged now; a node may be running on it. The copy is checked, and comes to
 * stand under its name when it is whole. It holds events, and no keys.
 * @throws Error where there is something in the folder, or no log in the other; DataDamaged where the log is not as it was written
 */
export const backup = async (dataDir: string, to: string): Promise<BackupReport> => {
  const folder = resolve(to);
  if (!existsSync(logFolder(dataDir))) throw new Error(`There is no event log in ${resolve(dataDir)}`);
  if (!isEmpty(folder)) throw new Error(`There is something in ${folder}: a backup is made in a folder of its own`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    await copy(dataDir, unfinished);
    const report = await verify(unfinished);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    syncFolder(dirname(folder));
    return { ...report, folder };
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
};

/**
 * Puts a backup in the place of a data folder that holds no events. Backup and copy are checked.
 * @throws Error where there is no backup, or the data folder holds events; DataDamaged where the backup is not as it was made; FolderInUse
 */
export const restore = async (from: string, dataDir: string): Promise<VerifyReport> => {
  const before = await verify(from);
  const unlock = lockFolder(dataDir);
  const unfinished = join(dataDir, 'restore.unfinished');
  try {
    if (!isEmpty(logFolder(dataDir))) throw new Error(`There are events in ${resolve(dataDir)}: a backup is restored to a folder without`);
    rmSync(unfinished, { recursive: true, force: true });
    await copy(from, unfinished);
    const report = await verify(unfinished);
    if (report.end !== before.end) throw new DataDamaged(`The copy ends at ${report.end}, the backup at ${before.end}`);
    for (const place of [indexFolder, logFolder]) {
      rmSync(place(dataDir), { recursive: true, force: true });
      if (existsSync(place(unfinished))) renameSync(place(unfinished), place(dataDir));
    }
    syncFolder(dataDir);
    return report;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    unlock();
  }
};
