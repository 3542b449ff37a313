import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Unavailable } from '#kernel';

/** Readable and writable by its owner alone. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** A user of one embedded node. */
export type Credentials = Readonly<{ username: string; password: string }>;
export type EngineCredentials = Readonly<{
  eventStore: Credentials;
  mongo: Credentials;
  /** May read the views and nothing else: for dashboards and auditors' tools. */
  dashboard: Credentials;
  /** What one-time links for reporters are signed with. */
  linkSecret: string;
}>;

/** The places in a data folder. */
export type DataFolder = Readonly<{ path: string; eventStore: string; mongo: string; credentials: string; endpoints: string }>;

const unusable = (folder: string, what: 'made' | 'written to', error: unknown) =>
  new Unavailable(
    'DATA_FOLDER_UNUSABLE',
    `The data folder ${folder} cannot be ${what}: ${(error as Error).message}. Set FAULTLINE_DATA to one that can`,
  );

/**
 * Makes the folder where it is missing, for its owner alone.
 * @throws Unavailable DATA_FOLDER_UNUSABLE
 */
export const openDataFolder = (path: string): DataFolder => {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  } catch (error) {
    throw unusable(folder, 'made', error);
  }
  const inFolder = (name: string) => join(folder, name);
  return {
    path: folder,
    eventStore: inFolder('event-store'),
    mongo: inFolder('mongo'),
    credentials: inFolder('credentials.json'),
    endpoints: inFolder('endpoints.json'),
  };
};

/** Writes what a private file is to hold beside it. @throws Unavailable DATA_FOLDER_UNUSABLE */
const writeDraft = (path: string, content: unknown): string => {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: PRIVATE_FILE, flush: true });
  } catch (error) {
    throw unusable(dirname(path), 'written to', error);
  }
  return draft;
};

/** Writes a private file whole: whoever reads it sees the old or the new content, and a crash leaves one of them. */
export const writePrivateFile = (path: string, content: unknown): void => renameSync(writeDraft(path, content), path);

/** Writes a private file where there is none. Answers whether it was written: of two writers, one. */
export const createPrivateFile = (path: string, content: unknown): boolean => {
  const draft = writeDraft(path, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
};

/** A file's JSON, or `undefined` where there is no such file. */
export const readJsonFile = <T>(path: string): T | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Unavailable('DATA_FOLDER_DAMAGED', `${path} cannot be read: ${(error as Error).message}`);
  }
};

const newPassword = () => randomBytes(24).toString('base64url');
const newSecret = () => randomBytes(48).toString('base64url');

/** The credentials of the embedded nodes: made at the first start, and then kept. */
export const credentialsIn = ({ credentials: path }: DataFolder): EngineCredentials => {
  createPrivateFile(path, {
    eventStore: { username: 'faultline', password: newPassword() },
    mongo: { username: 'faultline', password: newPassword() },
    dashboard: { username: 'dashboard', password: newPassword() },
    linkSecret: newSecret(),
  } satisfies EngineCredentials);
  chmodSync(path, PRIVATE_FILE);
  return readJsonFile<EngineCredentials>(path) as EngineCredentials;
};
