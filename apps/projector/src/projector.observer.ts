import type { Halt, Retry, ViewStatus } from './view-status.js';

/** What happens to views, for metrics, logs and whoever waits. Observers are told synchronously and must not throw. */
export interface ProjectorObserver {
  /** The view is at another position: by a batch of this process, or because another process moved it. */
  moved?(view: string, position: bigint): void;
  /** A batch is in the view. */
  committed?(status: ViewStatus, batch: Readonly<{ events: number; seconds: number }>): void;
  halted?(view: string, halt: Halt): void;
  retrying?(view: string, retry: Retry, nextInMs: number): void;
  /** The view goes on after retries. */
  recovered?(view: string): void;
  /** Another process moves the view. */
  standingBy?(view: string): void;
  /** The log cannot be read; it is tried again in so many milliseconds. */
  logFailed?(error: unknown, nextInMs: number): void;
}

type Told<Happening extends keyof ProjectorObserver> = Parameters<Required<ProjectorObserver>[Happening]>;

type Waiter = Readonly<{ happenings: readonly (keyof ProjectorObserver)[]; resolve: () => void }>;

/** Tells everyone who has asked to be told. */
export class Observers {
  readonly #observers: ProjectorObserver[] = [];
  #waiting: Waiter[] = [];

  add(...observers: readonly ProjectorObserver[]): void {
    this.#observers.push(...observers);
  }

  /** Resolves with the next of these happenings. */
  next(...happenings: readonly (keyof ProjectorObserver)[]): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ happenings, resolve }));
  }

  tell<Happening extends keyof ProjectorObserver>(happening: Happening, ...told: Told<Happening>): void {
    const woken = this.#waiting.filter(({ happenings }) => happenings.includes(happening));
    if (woken.length > 0) this.#waiting = this.#waiting.filter((waiter) => !woken.includes(waiter));
    for (const { resolve } of woken) resolve();
    for (const observer of this.#observers)
      (observer[happening] as ((...told: Told<Happening>) => void) | undefined)?.call(observer, ...told);
  }
}
