import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashPassword, isPasswordHash } from '../security/password.js';
import { ADMINS, OPERATORS } from '../security/principal.js';
import type { UserAccount } from '../security/users.js';

/** The users that a real server begins with. */
const FIRST_USERS = [
  { username: 'admin', groups: [ADMINS], variable: 'EMBEDDED_EVENT_STORE_ADMIN_PASSWORD' },
  { username: 'ops', groups: [OPERATORS], variable: 'EMBEDDED_EVENT_STORE_OPS_PASSWORD' },
] as const;

type StoredAccount = Readonly<{ username: string; groups: readonly string[]; passwordHash: string }>;

const isAccount = (value: unknown): value is StoredAccount => {
  const { username, groups, passwordHash } = (value ?? {}) as Partial<StoredAccount>;
  return (
    typeof username === 'string' &&
    username !== '' &&
    Array.isArray(groups) &&
    groups.every((group) => typeof group === 'string') &&
    typeof passwordHash === 'string' &&
    isPasswordHash(passwordHash)
  );
};

const readAccounts = (path: string): StoredAccount[] => {
  const accounts: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(accounts) || !accounts.every(isAccount)) {
    throw new Error(`${path} is not a list of users, each with username, groups and passwordHash (scrypt$N$r$p$salt$hash)`);
  }
  return accounts;
};

/** Makes the first users, with passwords that are left for whoever starts the node. */
const firstAccounts = async (folder: string): Promise<StoredAccount[]> => {
  const passwords = FIRST_USERS.map(({ username }) => ({ username, password: randomBytes(18).toString('base64url') }));
  const accounts = await Promise.all(
    FIRST_USERS.map(async ({ username, groups }, n) => {
      const passwordHash = await hashPassword(passwords[n]?.password ?? '');
      return { username, groups, passwordHash };
    }),
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lines = passwords.map(({ username, password }) => `${username} ${password}\n`).join('');
  writeFileSync(join(folder, 'initial-passwords.txt'), lines, { mode: 0o600 });
  writeFileSync(join(folder, 'users.json'), `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
  return accounts;
};

/**
 * Who may log in to the node of a data folder: what the environment says, else what the folder says, else users that are made now.
 * @throws Error where nothing is kept and the environment says nothing
 */
export const accountsIn = async (folder: string | undefined): Promise<Readonly<{ users: readonly UserAccount[] }>> => {
  const given = FIRST_USERS.flatMap(({ username, groups, variable }) => {
    const password = process.env[variable];
    return password ? [{ username, groups, password }] : [];
  });
  if (folder === undefined) {
    if (given.length === 0) throw new Error(`A node in memory takes its password from ${FIRST_USERS[0].variable}, or is --insecure`);
    return { users: given };
  }
  const path = join(folder, 'users.json');
  const isGiven = ({ username }: StoredAccount) => given.some((other) => other.username === username);
  if (!existsSync(path) && given.length > 0) return { users: given };
  const stored = existsSync(path) ? readAccounts(path) : await firstAccounts(folder);
  return { users: [...given, ...stored.filter((account) => !isGiven(account))] };
};
