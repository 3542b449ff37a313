import { setTimeout as delay } from 'node:timers/promises';
import { UnreadableEvent, type EventLog } from '#kernel';
import { backOffMs } from './back-off.js';
import type { ViewRunner } from './view-runner.js';

/** Told when the log cannot be read, and in how many milliseconds it is tried again. */
export type OnLogFailure = (error: unknown, nextInMs: number) => void;

const least = (positions: readonly bigint[]) => positions.reduce((a, b) => (b < a ? b : a));

/**
 * One subscription for several views, from the least advanced of them on; each passes over what it has. It goes at the pace of the slowest,
 * for none may miss an event and memory is bounded.
 *
 * An event that nobody can read ends it for the views that would have needed it. The others go on with a subscription to their own streams.
 */
export class Feed {
  #restart = new AbortController();

  constructor(
    private readonly log: EventLog,
    private readonly runners: readonly ViewRunner[],
    private readonly onFailure: OnLogFailure,
  ) {}

  /** Subscribes anew, from where the views are now. */
  restart(): void {
    this.#restart.abort();
    for (const { queue } of this.runners) queue.nudge();
  }

  /** Runs until the signal says to stop. */
  async run(stop: AbortSignal): Promise<void> {
    for (let failures = 0; !stop.aborted;) {
      this.#restart = new AbortController();
      const signal = AbortSignal.any([stop, this.#restart.signal]);
      const listening = this.runners.filter(({ isListening }) => isListening);
      if (listening.length === 0) {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        continue;
      }
      for (const { queue, position } of listening) queue.open(position);
      try {
        await this.#follow(listening, signal, () => {
          failures = 0;
        });
        if (!signal.aborted) throw new Error('the subscription has ended');
      } catch (error) {
        if (error instanceof UnreadableEvent) {
          for (const { queue } of listening) if (queue.wants(error.streamName)) queue.endWith(error);
          continue;
        }
        const nextInMs = backOffMs(++failures);
        this.onFailure(error, nextInMs);
        await delay(nextInMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #follow(listening: readonly ViewRunner[], signal: AbortSignal, heard: () => void): Promise<void> {
    const after = least(listening.map(({ position }) => position));
    const streamPrefixes = [...new Set(listening.flatMap((runner) => runner.streamPrefixes))];
    for await (const message of this.log.subscribe({ after, streamPrefixes, signal })) {
      heard();
      if (message.kind === 'caught-up') {
        for (const { queue } of listening) queue.caughtUp(message.position);
        continue;
      }
      let isFull = false;
      for (const { queue } of listening) {
        queue.offer(message.event);
        isFull ||= queue.isFull;
      }
      if (isFull) await this.#room(listening, signal);
    }
  }

  /** Waits until no queue is full. Those that are not may take what they have meanwhile. */
  async #room(listening: readonly ViewRunner[], signal: AbortSignal): Promise<void> {
    for (const { queue } of listening) queue.heldUp();
    for (const { queue } of listening) while (queue.isFull && !signal.aborted) await queue.change();
  }
}
