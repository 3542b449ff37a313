import { ErrorType } from '@eventstore/db-client';
import { setTimeout as delay } from 'node:timers/promises';
import { backOffMs, Unavailable } from '#kernel';
import { failureAt, isConnectionFailure, isOfType } from './failures.js';

/** Told of each lost connection of a subscription, before it waits to resume. */
export type OnInterruption = (failure: Error, resumeInMs: number) => void;

/** A subscription has an end only because of its server. */
export class SubscriptionEnded extends Error {
  override readonly message = 'the server ended the subscription';
}

const isOver = (signals: readonly AbortSignal[]) => signals.some(({ aborted }) => aborted);

/** Waits so long, or until one of the signals. */
const pause = (ms: number, signals: readonly AbortSignal[]) =>
  delay(ms, undefined, { signal: AbortSignal.any([...signals]) }).catch(() => undefined);

/** Another attempt may well succeed. */
const isInterruption = (error: unknown): error is Error =>
  isConnectionFailure(error) ||
  error instanceof SubscriptionEnded ||
  error instanceof Unavailable ||
  isOfType(error, ErrorType.PERSISTENT_SUBSCRIPTION_DROPPED);

/**
 * What one subscription after another brings, each opened when the one before it was lost, after a pause that grows. It ends on a signal, quietly,
 * or with what no other attempt would mend.
 */
export async function* resuming<Message>(
  endpoint: string,
  signals: readonly AbortSignal[],
  onInterruption: OnInterruption | undefined,
  open: () => AsyncGenerator<Message>,
): AsyncGenerator<Message> {
  let failures = 0;
  while (!isOver(signals)) {
    try {
      for await (const message of open()) {
        failures = 0;
        yield message;
      }
    } catch (error) {
      if (isOver(signals)) return;
      if (!isInterruption(error)) throw failureAt(endpoint, error);
      const resumeInMs = backOffMs(++failures);
      onInterruption?.(error, resumeInMs);
      await pause(resumeInMs, signals);
    }
  }
}
