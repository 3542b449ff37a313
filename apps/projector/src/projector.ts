import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { LOG_START } from '#kernel';
import { ViewStore } from '#adapters/read-models';
import { Feed } from './feed.js';
import { Observers, type ProjectorObserver } from './projector.observer.js';
import { PROJECTOR_SETTINGS, type ProjectorOptions, type ProjectorSettings } from './projector.options.js';
import { ViewRunner } from './view-runner.js';
import type { Halt, ViewStatus } from './view-status.js';

/** A view cannot take an event, and will not come further. */
export class ViewHalted extends Error {
  constructor(
    readonly view: string,
    readonly halt: Halt,
  ) {
    super(`${view} is halted behind position ${halt.after}: ${halt.error}`);
    this.name = 'ViewHalted';
  }
}

/** How often the end of the log is looked up while a view is not at it, in milliseconds. */
const HEAD_EACH_MS = 2_000;

/**
 * Runs all views: a subscription that they share, and a runner for each. Nothing that happens to an engine or to a view ends it; `status`
 * shows it, and observers are told.
 */
export class Projector {
  readonly #settings: ProjectorSettings;
  readonly #observers = new Observers();
  readonly #runners: readonly ViewRunner[];
  readonly #stop = new AbortController();
  #feeds: readonly Feed[] = [];
  #running: Promise<unknown> | undefined;
  #head = LOG_START;

  constructor(private readonly options: ProjectorOptions) {
    const { log, models, projections } = options;
    // every view listens, and more than once
    setMaxListeners(0, this.#stop.signal);
    this.#settings = { ...PROJECTOR_SETTINGS, ...options.settings };
    this.#runners = projections.map((projection) => {
      const store = new ViewStore(models, projection, { recentDocuments: this.#settings.recentDocuments });
      return new ViewRunner(store, log, this.#settings, this.#observers, () => this.#feeds.forEach((feed) => feed.restart()));
    });
  }

  /** Has an observer told from now on. */
  observe(observer: ProjectorObserver): void {
    this.#observers.add(observer);
  }

  /** Every view, as it is now. */
  status(): readonly ViewStatus[] {
    return this.#runners.map((runner) => runner.status(this.#head));
  }

  /** Whether every view takes events: none is halted, none waits for an engine. */
  isHealthy(): boolean {
    return this.status().every(({ state }) => state !== 'halted' && state !== 'retrying');
  }

  /** Resolves once every view is at its checkpoint, or halted: from then on it can be read. */
  async ready(): Promise<void> {
    await Promise.all(this.#runners.map(({ ready }) => ready));
  }

  /**
   * Resolves once every view has every event up to this position.
   * @throws ViewHalted when one of them cannot get there
   */
  async reach(position: bigint): Promise<void> {
    for (;;) {
      const short = this.status().filter((view) => view.position < position);
      const halted = short.find(({ halt }) => halt !== undefined);
      if (halted?.halt) throw new ViewHalted(halted.view, halted.halt);
      if (short.length === 0) return;
      await this.#observers.next('moved', 'halted');
    }
  }

  /** Starts, once; does not wait for anything, and never fails. */
  start(): void {
    this.#running ??= Promise.all([...this.#runners.map((runner) => runner.run(this.#stop.signal)), this.#feed(), this.#watchHead()]);
  }

  /**
   * Stops: batches that are being written are finished.
   * @returns false where that takes too long: they stay begun, and whoever resumes the views finishes them
   */
  async stop(): Promise<boolean> {
    this.#stop.abort();
    const limit = new AbortController();
    const late = delay(this.#settings.stopWithinMs, 'late', { signal: limit.signal }).catch(() => 'done');
    const outcome = await Promise.race([this.#running, late]);
    limit.abort();
    return outcome !== 'late';
  }

  /** Once every view is at its checkpoint: those that are far behind get a subscription of their own. */
  async #feed(): Promise<void> {
    await this.ready();
    const furthest = this.#runners.reduce((most, { position }) => (position > most ? position : most), LOG_START);
    const isNear = ({ position }: ViewRunner) => furthest - position <= this.#settings.sharedWithin;
    const groups = [this.#runners.filter(isNear), this.#runners.filter((runner) => !isNear(runner))];
    this.#feeds = groups
      .filter(({ length }) => length > 0)
      .map((group) => new Feed(this.options.log, group, (error, nextInMs) => this.#observers.tell('logFailed', error, nextInMs)));
    await Promise.all(this.#feeds.map((feed) => feed.run(this.#stop.signal)));
  }

  /** Keeps the end of the log in mind while somebody may ask how far it is. */
  async #watchHead(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (this.#runners.some((runner) => !runner.status(this.#head).isCaughtUp)) {
        this.#head = await this.options.log.headPosition().catch(() => this.#head);
      }
      await delay(HEAD_EACH_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
