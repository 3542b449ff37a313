import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { lockFolder } from '../folder-lock.js';
import { DataDamaged } from '../log/damage.js';
import { EventLog, indexFolder, logFolder } from '../log/event-log.js';
import { syncFolder } from '../log/segment.js';
import { TransactionLog } from '../log/transaction-log.js';
import type { BackupReport, VerifyReport } from '../options.js';
import { verify, verifyLog } from './verify.js';

const isEmpty = (folder: string): boolean => !existsSync(folder) || readdirSync(folder).length === 0;

/** Opens a copy as a start would, and checks all of it. */
const verified = async (folder: string): Promise<VerifyReport> => {
  const log = await EventLog.open(folder);
  try {
    return await verifyLog(log);
  } finally {
    await log.close();
  }
};

/**
 * Copies a log that is in use, as it is now, and its index. The copy comes to stand under its name when it is whole and was checked.
 * It holds events, and no keys.
 * @throws Error where there is something in the folder; DataDamaged where the log is not as it was written
 */
export const backUp = async (log: EventLog, to: string): Promise<BackupReport> => {
  const folder = resolve(to);
  if (!isEmpty(folder)) throw new Error(`There is something in ${folder}: a backup is made in a folder of its own`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  try {
    // the index first: a log that is ahead of its index is what every start makes good
    await log.copyIndexTo(indexFolder(unfinished));
    await log.copyLogTo(logFolder(unfinished));
    const report = await verified(unfinished);
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
 * @throws Error where there is no backup, or the data folder holds events; DataDamaged where the backup is not as it was made
 */
export const restore = async (backup: string, dataDir: string): Promise<VerifyReport> => {
  if (!existsSync(logFolder(backup))) throw new Error(`There is no backup in ${resolve(backup)}`);
  const before = await verify(backup);
  const unlock = lockFolder(dataDir);
  const unfinished = join(dataDir, 'restore.unfinished');
  try {
    if (!isEmpty(logFolder(dataDir))) throw new Error(`There are events in ${resolve(dataDir)}: a backup is restored to a folder without`);
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { mode: 0o700 });
    const log = new TransactionLog(logFolder(backup), { durable: true });
    try {
      await log.copyTo(logFolder(unfinished));
    } finally {
      log.close();
    }
    const report = await verified(unfinished);
    if (report.end !== before.end) throw new DataDamaged(`The copy ends at ${report.end}, the backup at ${before.end}`);
    for (const place of [indexFolder, logFolder]) {
      rmSync(place(dataDir), { recursive: true, force: true });
      renameSync(place(unfinished), place(dataDir));
    }
    syncFolder(dataDir);
    return report;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    unlock();
  }
};
