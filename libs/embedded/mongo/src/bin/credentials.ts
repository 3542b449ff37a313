import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from '../security/users.js';

export const OWNER_PASSWORD = 'EMBEDDED_MONGO_OWNER_PASSWORD';
export const READER_PASSWORD = 'EMBEDDED_MONGO_READER_PASSWORD';

/** Where a data folder keeps the passwords that were made at its first start, readable by its owner alone. */
export const CREDENTIALS_FILE = 'credentials.json';

export type Users = Readonly<{ owner: Credentials; reader?: Credentials }>;

const given = (username: string, variable: string): Credentials | undefined => {
  const password = process.env[variable];
  return password ? { username, password } : undefined;
};

const isCredentials = (value: unknown): value is Credentials => {
  const { username, password } = (value ?? {}) as Partial<Credentials>;
  return typeof username === 'string' && username !== '' && typeof password === 'string' && password !== '';
};

const kept = (path: string): Users => {
  const { owner, reader } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Users>;
  if (!isCredentials(owner) || (reader !== undefined && !isCredentials(reader)))
    throw new Error(`${path} must name an owner, and may name a reader, each with username and password`);
  return { owner, ...(reader && { reader }) };
};

const made = (folder: string, path: string): Users => {
  const password = () => randomBytes(18).toString('base64url');
  const users = { owner: { username: 'owner', password: password() }, reader: { username: 'reader', password: password() } };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(users, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return users;
};

/**
 * Who may attach to the node of a data folder: what the environment says, else what the folder says, else users that are made now.
 * @throws Error where nothing is kept and the environment says nothing
 */
export const usersIn = (folder: string | undefined): Users => {
  const [owner, reader] = [given('owner', OWNER_PASSWORD), given('reader', READER_PASSWORD)];
  if (owner) return { owner, ...(reader && { reader }) };
  if (folder === undefined) throw new Error(`A node in memory takes its password from ${OWNER_PASSWORD}, or is --no-auth`);
  const path = join(folder, CREDENTIALS_FILE);
  return existsSync(path) ? kept(path) : made(folder, path);
};
