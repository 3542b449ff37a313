import { Worker } from 'node:worker_threads';
import type { OnInterruption } from '#adapters/event-store';
import type { Site } from '../composition/site.js';
import type { Order, Report, ThreadSite } from './messages.js';

/**
 * Most that the objects of such a thread may take, in MiB; it ends with a fault beyond that. What a role keeps in memory is bounded far below it;
 * with the default of a large machine, V8 would let four times as much garbage stand before it clears it away.
 */
const MOST_HEAP_MIB = 1_024;

/**
 * A role on a thread of its own, seen from the thread that made it. What happens there is told to observers here; a fault that it does
 * not deal with itself ends the process, as it would if it had happened here.
 */
export class RoleThread<Observer extends object, Begin> {
  readonly #worker: Worker;
  readonly #observers: Observer[] = [];
  readonly #asked = new Map<number, (answer: never) => void>();
  #questions = 0;
  #ended: (inTime: boolean) => void = () => undefined;
  #ending: Promise<boolean> | undefined;

  /** @param entry the module that the thread runs: it calls `runRole` */
  constructor(
    entry: URL,
    { settings, engines: { close: _, ...engines } }: Pick<Site, 'settings' | 'engines'>,
    onInterruption?: OnInterruption,
  ) {
    const resourceLimits = { maxOldGenerationSizeMb: MOST_HEAP_MIB };
    this.#worker = new Worker(entry, { workerData: { settings, engines } satisfies ThreadSite, resourceLimits });
    this.#worker.on('message', (report: Report) => this.#hear(report, onInterruption));
    this.#worker.on('error', (error) => {
      throw error;
    });
  }

  /** Has an observer told from now on. */
  observe(observer: Observer): void {
    this.#observers.push(observer);
  }

  /** Begins, once; does not wait for anything. */
  begin(...[begin]: undefined extends Begin ? [] : [Begin]): void {
    this.#order({ kind: 'begin', with: begin as Begin });
  }

  /** Asks what only the thread knows, after `begin`. */
  ask<Answer>(name: string, about?: unknown): Promise<Answer> {
    const question = this.#questions++;
    return new Promise((resolve) => {
      this.#asked.set(question, resolve);
      this.#order({ kind: 'ask', question, name, about });
    });
  }

  /**
   * Ends, once: what is under way there is finished.
   * @returns false where that takes too long: whoever goes on finishes it
   */
  stop(): Promise<boolean> {
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<boolean> {
    const ended = new Promise<boolean>((resolve) => (this.#ended = resolve));
    this.#order({ kind: 'end' });
    const inTime = await ended;
    await this.#worker.terminate();
    return inTime;
  }

  #order(order: Order<Begin>): void {
    this.#worker.postMessage(order);
  }

  #hear(report: Report, onInterruption?: OnInterruption): void {
    switch (report.kind) {
      case 'happened':
        for (const observer of this.#observers) {
          (observer as Record<string, ((...told: readonly unknown[]) => void) | undefined>)[report.name]?.(...report.told);
        }
        break;
      case 'interrupted':
        onInterruption?.(new Error(report.message), report.resumeInMs);
        break;
      case 'answer':
        this.#asked.get(report.question)?.(report.answer as never);
        this.#asked.delete(report.question);
        break;
      case 'ended':
        this.#ended(report.inTime);
        break;
      default:
        report satisfies never;
    }
  }
}
