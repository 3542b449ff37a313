import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import { setTimeout as delay } from 'node:timers/promises';
import { LOG_START } from '#kernel';
import { ViewStore } from '#read-models';
import { Feed } from './feed.js';
import { Observers, type ProjectorObserver } from './projector.observer.js';
import { PROJECTOR_OPTIONS, PROJECTOR_SETTINGS, type ProjectorOptions, type ProjectorSettings } from './projector.options.js';
import { ViewCommitted } from './view-committed.event.js';
import { ViewRunner } from './view-runner.js';
import type { ViewStatus } from './view-status.js';

/** How often the end of the log is looked up while a view is not at it, in milliseconds. */
const HEAD_EACH_MS = 2_000;

/**
 * Runs all views: a subscription that they share, and a runner for each. Nothing that happens to an engine or to a view ends it; `status`
 * shows it, the log says it, and observers are told.
 */
@Injectable()
export class Projector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Projector');
  readonly #settings: ProjectorSettings;
  readonly #observers = new Observers();
  readonly #runners: readonly ViewRunner[];
  readonly #stop = new AbortController();
  #feeds: readonly Feed[] = [];
  #running: Promise<unknown> | undefined;
  #head = LOG_START;

  constructor(
    @Inject(PROJECTOR_OPTIONS) private readonly options: ProjectorOptions,
    eventBus: EventBus,
  ) {
    const { log, models, projections } = options;
    this.#settings = { ...PROJECTOR_SETTINGS, ...options.settings };
    this.#observers.add(this.#logging(), { committed: ({ view, position }) => void eventBus.publish(new ViewCommitted(view, position)) });
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

  onApplicationBootstrap(): void {
    this.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** Starts, once; does not wait for anything, and never fails. */
  start(): void {
    this.#running ??= Promise.all([...this.#runners.map((runner) => runner.run(this.#stop.signal)), this.#feed(), this.#watchHead()]);
  }

  /** Stops: batches that are being written are finished, or left to whoever resumes where that takes too long. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const limit = new AbortController();
    const late = delay(this.#settings.stopWithinMs, 'late', { signal: limit.signal }).catch(() => 'done');
    const outcome = await Promise.race([this.#running, late]);
    limit.abort();
    if (outcome === 'late') this.#logger.warn(`Stopped with batches begun: they are finished at the next start`);
  }

  /** Once every view is at its checkpoint: those that are far behind get a subscription of their own. */
  async #feed(): Promise<void> {
    await Promise.all(this.#runners.map(({ ready }) => ready));
    const furthest = this.#runners.reduce((most, { position }) => (position > most ? position : most), LOG_START);
    const isNear = ({ position }: ViewRunner) => furthest - position <= this.#settings.sharedWithin;
    const groups = [this.#runners.filter(isNear), this.#runners.filter((runner) => !isNear(runner))];
    this.#feeds = groups
      .filter(({ length }) => length > 0)
      .map((group) => new Feed(this.options.log, group, (error, nextInMs) => this.#logFailed(error, nextInMs)));
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

  #logFailed(error: unknown, nextInMs: number): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#logger.error(`The log cannot be read: ${reason}. Next attempt in ${Math.round(nextInMs)} ms`);
  }

  #logging(): ProjectorObserver {
    return {
      halted: (view, { error, after, position, eventId }) => {
        const event = eventId === undefined ? '' : ` (event ${eventId} at position ${position})`;
        this.#logger.error(`${view} is halted behind position ${after}: ${error}${event}. Other views go on`);
      },
      retrying: (view, { failures, error }, nextInMs) =>
        this.#logger.error(`${view}: ${error}. Attempt ${failures + 1} in ${Math.round(nextInMs)} ms`),
      recovered: (view) => this.#logger.log(`${view} goes on`),
      standingBy: (view) => this.#logger.log(`${view} is moved by another process; standing by`),
    };
  }
}
