import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Passwords are kept as scrypt hashes (RFC 7914): 32 MiB and three passes for each try, the cost that OWASP's Password Storage Cheat
 * Sheet asks for. Hashing runs on Node's thread pool.
 */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MAX_MEMORY = 64 * 1_048_576;

const derive = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: Readonly<{ N: number; r: number; p: number; maxmem: number }>,
) => Promise<Buffer>;

const FORM = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w+/]+=*)\$([\w+/]+=*)$/;

export const isPasswordHash = (text: string): boolean => FORM.test(text);

/** A password's hash, with its salt and its cost, as text. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, HASH_BYTES, { ...COST, maxmem: MAX_MEMORY });
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), hash.toString('base64')].join('$');
};

export const isPasswordOf = async (hash: string, password: string): Promise<boolean> => {
  const [, N, r, p, salt, expected] = FORM.exec(hash) ?? [];
  if (salt === undefined || expected === undefined) return false;
  const right = Buffer.from(expected, 'base64');
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: MAX_MEMORY };
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), right.length, cost), right);
};
