import type { Halt, Retry, ViewStatus } from './view-status.js';

/** What happens to views, for metrics, logs and whoever waits. Observers are told synchronously and must not throw. */
export interface ProjectorObserver {
  /** A batch is in the view. */
  committed?(status: ViewStatus, batch: Readonly<{ events: number; seconds: number }>): void;
  halted?(view: string, halt: Halt): void;
  retrying?(view: string, retry: Retry, nextInMs: number): void;
  /** The view goes on after retries. */
  recovered?(view: string): void;
  /** Another process moves the view. */
  standingBy?(view: string): void;
}

type Told<Happening extends keyof ProjectorObserver> = Parameters<Required<ProjectorObserver>[Happening]>;

/** Tells everyone who has asked to be told. */
export class Observers {
  readonly #observers: ProjectorObserver[] = [];

  add(...observers: readonly ProjectorObserver[]): void {
    this.#observers.push(...observers);
  }

  tell<Happening extends keyof ProjectorObserver>(happening: Happening, ...told: Told<Happening>): void {
    for (const observer of this.#observers)
      (observer[happening] as ((...told: Told<Happening>) => void) | undefined)?.call(observer, ...told);
  }
}
