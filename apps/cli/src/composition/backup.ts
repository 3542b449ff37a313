import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Settings } from '#config';
import { IllegalTransition, InvalidInput, NotFound, Unavailable } from '#kernel';
import { readJsonFile, writePrivateFile } from './data-folder.js';
import { copyIn, copyOut, requireEmbedded, type Copied } from './embedded-data.js';
import type { EnginesOptions } from './engines.js';

/** What a backup says of itself, in its file backup.json. A position is written as digits: it may be larger than a double holds. */
type Manifest = Readonly<{
  format: 1;
  /** The version of Faultline that made it. */
  faultline: string;
  takenAt: string;
  eventStore: Readonly<{ events: number; position: string }>;
  documentStore: Readonly<{ collections: number; documents: number }>;
}>;

/** A backup that was made or put back. `position` is the end of its log. */
export type Backup = Readonly<{
  folder: string;
  takenAt: string;
  events: number;
  position: bigint;
  collections: number;
  documents: number;
}>;

const placesIn = (folder: string) => ({
  eventStore: join(folder, 'event-store'),
  mongo: join(folder, 'mongo'),
  manifest: join(folder, 'backup.json'),
});

const manifestOf = (copied: Copied, faultline: string, takenAt: string): Manifest => ({
  format: 1,
  faultline,
  takenAt,
  eventStore: { events: copied.eventStore.events, position: copied.eventStore.position.toString() },
  documentStore: copied.documentStore,
});

const backupOf = (folder: string, { takenAt, eventStore, documentStore }: Manifest): Backup => ({
  folder,
  takenAt,
  events: eventStore.events,
  position: BigInt(eventStore.position),
  ...documentStore,
});

/** Makes the folder that a backup is written to before it is whole. @throws Unavailable BACKUP_FOLDER_UNUSABLE */
const begin = (folder: string): string => {
  const unfinished = `${folder}.unfinished`;
  try {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    return unfinished;
  } catch (error) {
    throw new Unavailable('BACKUP_FOLDER_UNUSABLE', `The folder ${unfinished} cannot be made: ${(error as Error).message}`);
  }
};

/**
 * Copies the data of the embedded engines, as it is now, into a folder of its own; a server may be running. The folder comes to stand under
 * its name when all in it has been checked.
 * @throws InvalidInput ENGINES_NOT_EMBEDDED; IllegalTransition BACKUP_FOLDER_NOT_EMPTY; what `copyOut` throws
 */
export const makeBackup = async (settings: Settings, options: EnginesOptions, to: string, version: string): Promise<Backup> => {
  requireEmbedded(settings);
  const folder = resolve(to);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new IllegalTransition('BACKUP_FOLDER_NOT_EMPTY', `There is something in ${folder}: a backup is made in a folder of its own`);
  }
  const unfinished = begin(folder);
  try {
    const takenAt = new Date().toISOString();
    const manifest = manifestOf(await copyOut(settings, options, placesIn(unfinished)), version, takenAt);
    writePrivateFile(placesIn(unfinished).manifest, manifest);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    return backupOf(folder, manifest);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
};

/** @throws NotFound BACKUP_NOT_FOUND; InvalidInput BACKUP_FORMAT_UNKNOWN */
const readManifest = (folder: string): Manifest => {
  const { manifest: path } = placesIn(folder);
  const manifest = readJsonFile<Manifest>(path);
  if (!manifest) throw new NotFound('BACKUP_NOT_FOUND', `There is no backup in ${folder}: it has no file backup.json`);
  if (manifest.format === 1) return manifest;
  throw new InvalidInput(
    'BACKUP_FORMAT_UNKNOWN',
    `The backup in ${folder} was made by Faultline ${manifest.faultline}: take that version or a later one`,
  );
};

/**
 * Puts a backup into a data folder that is empty and not in use. What was put there is checked, and is what the backup says it holds.
 * @throws InvalidInput ENGINES_NOT_EMBEDDED; what `readManifest` and `copyIn` throw; Unavailable BACKUP_INCOMPLETE
 */
export const restoreBackup = async (settings: Settings, options: EnginesOptions, from: string): Promise<Backup> => {
  requireEmbedded(settings);
  const folder = resolve(from);
  const manifest = readManifest(folder);
  const isWhole = (copied: Copied) => {
    const found = backupOf(folder, manifestOf(copied, manifest.faultline, manifest.takenAt));
    const said = backupOf(folder, manifest);
    const differing = (['events', 'position', 'collections', 'documents'] as const).filter((what) => found[what] !== said[what]);
    if (differing.length === 0) return;
    const differences = differing.map((what) => `${what}: ${found[what]}, not ${said[what]}`).join('; ');
    throw new Unavailable('BACKUP_INCOMPLETE', `The backup in ${folder} does not hold what it held when it was made (${differences})`);
  };
  await copyIn(settings, options, placesIn(folder), isWhole);
  return backupOf(folder, manifest);
};
