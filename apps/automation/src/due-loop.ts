import type { Alarm, AlarmSource } from './alarm-source.js';
import { inParallel } from './in-parallel.js';
import { Rounds, type RoundsObserver } from './rounds.js';
import type { Time } from './time.js';

/** Where its stream stands after something was rung for; `changed`: there was something to do. */
export type Rung = Readonly<{ position: bigint; changed: boolean }>;

/** What a loop rings for. */
export type Alarms = AlarmSource &
  Readonly<{
    /** Called before a batch is rung for. */
    prepare?: () => Promise<void>;
    ring: (id: string) => Promise<Rung>;
  }>;

export type DueLoopObserver = RoundsObserver &
  Readonly<{
    rung?: (name: string, count: number, seconds: number) => void;
    /** It is due and nothing comes of it: a rule contradicts a view. It is left alone until something happens to it. */
    stuck?: (name: string, id: string) => void;
  }>;

/** How many are rung for before the view is looked at again, and how many of them at a time. */
const BATCH = 256;
const AT_A_TIME = 16;

/** The longest that a loop sleeps, in milliseconds: alarms that another process has set are found then. A look costs one read of an index. */
const LOOK_EACH_MS = 1_000;

/** In any order, so that processes that ring for the same ones seldom meet. */
const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

/**
 * Rings for what is due, at its instant, for as long as it runs. The view only says when; what is to be done is decided by whoever is rung
 * for, from the log, and once: several processes may ring for the same thing. What fell due while nobody ran is due now.
 * A look with nothing due costs one read of an index, however many alarms are set.
 */
export class DueLoop {
  readonly #rounds: Rounds;
  /** What nothing came of, with the position of its stream: not again before the view shows something else. */
  readonly #stuck = new Map<string, string>();
  #seen: bigint | undefined;

  constructor(
    private readonly alarms: Alarms,
    private readonly time: Time,
    private readonly observer: DueLoopObserver,
  ) {
    this.#rounds = new Rounds(alarms.name, () => this.ringOnce(), time, observer);
  }

  /** There may be something new: looks at once. */
  wake(): void {
    this.#rounds.wake();
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#rounds.run(signal);
  }

  /** Whether something is due that nobody has dealt with yet, as far as the view knows. */
  async isBehind(): Promise<boolean> {
    return (await this.#due()).length > 0;
  }

  /** When the first alarm is set for, in milliseconds since 1970; `undefined` where there is none. `after`: as of that position at least. */
  async nextInstant(after?: bigint): Promise<number | undefined> {
    const { reader, next, instantOf } = this.alarms;
    const { value } = await reader.read((view) => view.list<Alarm>(next()), { settle: false, ...(after !== undefined && { after }) });
    return value[0] && Date.parse(instantOf(value[0]));
  }

  /** Rings for a batch of what is due. Answers until when to sleep, in milliseconds since 1970; `undefined` where there may be more. */
  async ringOnce(): Promise<number | undefined> {
    const { name, instantOf, prepare, ring } = this.alarms;
    const nowMs = this.time.nowMs();
    const nextMs = (await this.nextInstant(this.#seen)) ?? Infinity;
    this.#seen = undefined;
    const lookMs = nowMs + LOOK_EACH_MS;
    if (nextMs > nowMs) return Math.min(nextMs, lookMs);
    const batch = await this.#due();
    // what comes first is stuck, and past
    if (batch.length === 0) return lookMs;

    const begun = performance.now();
    await prepare?.();
    let seen = -1n;
    await inParallel(shuffled(batch), AT_A_TIME, async (one) => {
      const { position, changed } = await ring(one._id);
      if (position > seen) seen = position;
      const isStuck = !changed && position <= ((one['position'] as bigint | undefined) ?? -1n);
      if (isStuck) {
        this.#stuck.set(one._id, instantOf(one));
        this.observer.stuck?.(name, one._id);
      } else this.#stuck.delete(one._id);
    });
    // what was written now is to be in the view before it is looked at again
    if (seen >= 0n) this.#seen = seen;
    this.observer.rung?.(name, batch.length, (performance.now() - begun) / 1_000);
    return undefined;
  }

  /** What is due and not stuck: a batch of it. */
  async #due(): Promise<readonly Alarm[]> {
    const { reader, due, instantOf } = this.alarms;
    const spec = due(new Date(this.time.nowMs()).toISOString(), BATCH);
    const { value: found } = await reader.read((view) => view.list<Alarm>(spec), { settle: false });
    return found.filter((one) => this.#stuck.get(one._id) !== instantOf(one));
  }
}
