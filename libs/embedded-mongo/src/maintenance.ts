import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FolderInUse } from './storage/folder-lock.js';
import { DATA_FILE, Store } from './storage/store.js';
import { verifyStore, type Verified } from './verification.js';

const syncToDisk = (path: string): void => {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

const requireData = (folder: string): void => {
  if (!existsSync(join(folder, DATA_FILE))) throw new Error(`There is no data in ${folder}: it has no file ${DATA_FILE}`);
};

const requireEmpty = (folder: string): void => {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`The folder ${folder} is not empty: name one that is, or does not exist`);
};

/** A data folder's store, as its owner where nobody is, and otherwise beside the node that runs on it. */
const ownOrLook = (folder: string): Store => {
  try {
    return Store.open(folder);
  } catch (error) {
    if (error instanceof FolderInUse) return Store.look(folder);
    throw error;
  }
};

/** Puts a file into an empty folder, whole or not at all: it has its name only when it is on disk. */
const place = async (folder: string, write: (path: string) => Promise<void> | void): Promise<void> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, `${DATA_FILE}.unfinished`);
  try {
    await write(unfinished);
    syncToDisk(unfinished);
    renameSync(unfinished, join(folder, DATA_FILE));
    syncToDisk(folder);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
};

/**
 * Copies all data as of one moment into another folder, which is then a data folder like any other. A node may run on the first one, and goes
 * on meanwhile.
 * @throws Error where there is no data, or the other folder is not empty; DataDamaged
 */
export const backup = async (dataDir: string, to: string): Promise<void> => {
  requireData(dataDir);
  requireEmpty(to);
  const store = ownOrLook(dataDir);
  try {
    await place(to, (path) => store.copyTo(path));
  } finally {
    await store.close();
  }
};

/**
 * Checks all data of a folder on which no node runs: that every document is what was written, and lies where its `_id` says; that every index has
 * exactly the entries that its documents have; that the counts are right.
 * @throws FolderInUse while a node runs: verify a backup of it; Error where there is no data; DataDamaged where it cannot even be opened
 */
export const verify = async (dataDir: string): Promise<Verified> => {
  requireData(dataDir);
  const store = Store.open(dataDir);
  try {
    return verifyStore(store);
  } finally {
    await store.close();
  }
};

/**
 * Puts a backup into an empty folder, for a node to run on, after it has been verified.
 * @throws Error where the folder is not empty, or the backup has faults; DataDamaged
 */
export const restore = async (from: string, dataDir: string): Promise<Verified> => {
  requireEmpty(dataDir);
  const verified = await verify(from);
  const [fault] = verified.faults;
  if (fault !== undefined) throw new Error(`The backup ${from} is damaged: ${fault}`);
  await place(dataDir, (path) => copyFileSync(join(from, DATA_FILE), path));
  return verified;
};
