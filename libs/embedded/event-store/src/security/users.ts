import { createHash } from 'node:crypto';
import { RpcError, unauthenticated } from '../rpc-error.js';
import { status } from '../grpc/status.js';
import { FailedLogins } from './failed-logins.js';
import { hashPassword, isPasswordOf } from './password.js';
import type { Principal, User } from './principal.js';

/** A user who may log in, with a password or with what `hashPassword` made of it. */
export type UserAccount = User & (Readonly<{ password: string }> | Readonly<{ passwordHash: string }>);

/** Hashing takes memory and time: so much of it at once. */
const HASHES_AT_ONCE = 16;
/** Headers that were right once. */
const REMEMBERED = 1_000;

type Login = Readonly<{ username: string; password: string }>;

/** `Basic` credentials (RFC 7617). */
const loginOf = (header: string): Login | undefined => {
  const [, encoded] = /^basic\s+(\S+)$/i.exec(header) ?? [];
  const [username, ...password] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(':');
  return encoded === undefined || username === undefined ? undefined : { username, password: password.join(':') };
};

const fingerprint = (header: string): string => createHash('sha256').update(header).digest('base64');

/**
 * Who may log in. No password is kept, and hashing is paid once, not for each call: a header that was right is known by its digest
 * from then on.
 */
export class Users {
  private readonly accounts: ReadonlyMap<string, Readonly<{ user: User; hash: Promise<string> }>>;
  /** Compared with where there is no such user, so that it takes as long. */
  private nobody: Promise<string> | undefined;
  private readonly known = new Map<string, User>();
  private readonly underWay = new Map<string, Promise<User>>();
  private readonly failed: FailedLogins;

  constructor(accounts: readonly UserAccount[], failedLoginsPerMinute: number) {
    this.failed = new FailedLogins(failedLoginsPerMinute);
    this.accounts = new Map(
      accounts.map((account) => {
        const { username, groups } = account;
        const hash = 'passwordHash' in account ? Promise.resolve(account.passwordHash) : hashPassword(account.password);
        return [username, { user: { username, groups }, hash }];
      }),
    );
  }

  /**
   * Who says this header of an address. At once where it is known.
   * @throws RpcError UNAUTHENTICATED where name or password are wrong, or were wrong too often
   */
  authenticate(header: string | undefined, address: string): Principal | Promise<Principal> {
    if (header === undefined) return 'anonymous';
    const print = fingerprint(header);
    return this.known.get(print) ?? this.underWay.get(print) ?? this.begin(print, header, address);
  }

  private begin(print: string, header: string, address: string): Promise<User> {
    if (this.underWay.size >= HASHES_AT_ONCE) throw new RpcError(status.RESOURCE_EXHAUSTED, 'Too many logins at once: try again');
    const login = this.logIn(header, address).finally(() => this.underWay.delete(print));
    this.underWay.set(print, login);
    return login.then((user) => {
      if (this.known.size >= REMEMBERED) this.known.clear();
      this.known.set(print, user);
      return user;
    });
  }

  private async logIn(header: string, address: string): Promise<User> {
    const login = loginOf(header);
    if (!login) throw unauthenticated('Credentials are given as Basic authorization');
    const { username, password } = login;
    const wait = this.failed.waitSeconds(address, username);
    if (wait > 0) throw unauthenticated(`Too many failed logins: try again in ${wait} s`);
    const account = this.accounts.get(username);
    const isRight = await isPasswordOf(await (account?.hash ?? (this.nobody ??= hashPassword(''))), password);
    if (account && isRight) return account.user;
    this.failed.add(address, username);
    throw unauthenticated('Wrong user name or password');
  }
}
