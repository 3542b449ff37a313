import { createHmac, randomBytes } from 'node:crypto';
import { scramKeys, type ScramKeys } from './scram.js';

export type Credentials = Readonly<{ username: string; password: string }>;

/** `owner` may do everything; `reader` may read every collection and write none. */
export type Role = 'owner' | 'reader';

export interface User {
  readonly name: string;
  readonly role: Role;
  readonly keys: ScramKeys;
}

/** The database whose users these are: clients authenticate against it. */
export const USERS_DB = 'admin';

/** Who may attach. Passwords are forgotten once their keys are made. */
export class Users {
  readonly #users = new Map<string, User>();
  readonly #secret = randomBytes(32);

  /** @param given `none`: everybody may do everything @throws Error when both users have one name */
  constructor(given: 'none' | Readonly<{ owner: Credentials; reader?: Credentials }>) {
    this.required = given !== 'none';
    if (given === 'none') return;
    this.#add('owner', given.owner);
    if (given.reader) this.#add('reader', given.reader);
  }

  /** Whether a client must say who it is. */
  readonly required: boolean;

  find(db: string, name: string): User | undefined {
    return db === USERS_DB ? this.#users.get(name) : undefined;
  }

  /** The salt to answer with; of a name that nobody has a made-up one that stays the same, so that names cannot be tried out. */
  saltOf(db: string, name: string): Buffer {
    const user = this.find(db, name);
    return user ? user.keys.salt : createHmac('sha256', this.#secret).update(`${db}\0${name}`).digest().subarray(0, 28);
  }

  #add(role: Role, { username, password }: Credentials): void {
    if (username === '' || password === '') throw new Error(`The ${role} needs a user name and a password, neither of them empty`);
    if (this.#users.has(username)) throw new Error('The owner and the reader need different user names');
    this.#users.set(username, { name: username, role, keys: scramKeys(password) });
  }
}
