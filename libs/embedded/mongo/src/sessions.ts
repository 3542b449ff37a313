/** As long as a session lives without being used (`logicalSessionTimeoutMinutes`), in milliseconds. */
export const SESSION_MS = 30 * 60_000;

/** Sessions that are remembered; of more, those used last. */
const MAX_SESSIONS = 10_000;

/** When somebody last used a session. */
export interface SessionUse {
  /** The UUID of the session, in hexadecimal digits. */
  id: string;
  user: string | undefined;
  lastUse: number;
}

/** Which logical sessions clients have used of late. Nothing depends on it but who asks ($listLocalSessions). */
export class Sessions {
  /** In the order of their last use. */
  readonly #used = new Map<string, SessionUse>();

  use(id: string, user: string | undefined): void {
    this.#used.delete(id);
    this.#used.set(id, { id, user, lastUse: Date.now() });
    const [oldest] = this.#used.keys();
    if (this.#used.size > MAX_SESSIONS && oldest !== undefined) this.#used.delete(oldest);
  }

  end(id: string): void {
    this.#used.delete(id);
  }

  /** Those that a user has used and that are not over. */
  of(user: string | undefined): SessionUse[] {
    const since = Date.now() - SESSION_MS;
    return [...this.#used.values()].filter((each) => each.user === user && each.lastUse >= since);
  }
}
