import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DataDamaged } from './storage/data-file.js';
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

/** Makes a folder's data file, whole and checked or not at all: the folder has its name only when what is in it has been verified. */
const place = async (folder: string, write: (path: string) => Promise<void> | void): Promise<Verified> => {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  try {
    const path = join(unfinished, DATA_FILE);
    await write(path);
    syncToDisk(path);
    const verified = await verify(unfinished);
    const [fault] = verified.faults;
    if (fault !== undefined) throw new DataDamaged(path, fault);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    syncToDisk(dirname(folder));
    return verified;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
};

/**
 * Copies all data as of one moment into another folder, which is then a data folder like any other, and verifies the copy. A node may run on
 * the first one, and goes on meanwhile.
 * @throws Error where there is no data, or the other folder is not empty; DataDamaged
 */
export const backup = async (dataDir: string, to: string): Promise<Verified> => {
  requireData(dataDir);
  requireEmpty(to);
  const store = ownOrLook(dataDir);
  try {
    return await place(resolve(to), (path) => store.copyTo(path));
  } finally {
    await store.close();
  }
};

/**
 * Checks all data of a folder as of one moment: that every document is what was written, and lies where its `_id` says; that every index has
 * exactly the entries that its documents have; that the counts are right. A node may be running on it.
 * @throws Error where there is no data; DataDamaged where it cannot even be opened
 */
export const verify = async (dataDir: string): Promise<Verified> => {
  requireData(dataDir);
  const store = ownOrLook(dataDir);
  try {
    // in one go: all that is read without a pause is of one snapshot
    return verifyStore(store);
  } finally {
    await store.close();
  }
};

/**
 * Puts a backup into a folder that holds nothing, for a node to run on, and verifies it.
 * @throws Error where the folder is not empty; DataDamaged where the backup is not as it was made
 */
export const restore = async (from: string, dataDir: string): Promise<Verified> => {
  requireData(from);
  requireEmpty(dataDir);
  return place(resolve(dataDir), (path) => copyFileSync(join(from, DATA_FILE), path));
};
