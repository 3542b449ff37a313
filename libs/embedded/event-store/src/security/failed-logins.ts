const WINDOW_MS = 60_000;
/** More than these are not remembered: the oldest is forgotten. */
const REMEMBERED = 10_000;

/** Counts failed logins of each user from each address: whoever guesses is slowed down, and others are not. */
export class FailedLogins {
  private readonly failures = new Map<string, { count: number; until: number }>();

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** How many seconds this user has to wait at this address before the next try; 0 for none. */
  waitSeconds(address: string, username: string): number {
    const failed = this.failures.get(`${address} ${username}`);
    if (!failed || failed.count < this.perMinute) return 0;
    return Math.max(0, Math.ceil((failed.until - this.now()) / 1_000));
  }

  add(address: string, username: string): void {
    const key = `${address} ${username}`;
    const before = this.failures.get(key);
    const isNew = !before || before.until <= this.now();
    this.failures.delete(key);
    this.failures.set(key, isNew ? { count: 1, until: this.now() + WINDOW_MS } : { ...before, count: before.count + 1 });
    if (this.failures.size <= REMEMBERED) return;
    const [oldest] = this.failures.keys();
    this.failures.delete(oldest as string);
  }
}
