import type { DueLoopObserver } from './due-loop.js';
import type { OutboxObserver } from './notices/outbox.js';
import type { ReactorObserver } from './reactions/reactor.js';
import type { SweeperObserver } from './sweeps/sweeper.js';

/** What happens in the automation role, for metrics, logs and whoever waits. Observers are told synchronously and must not throw. */
export type AutomationObserver = DueLoopObserver & OutboxObserver & ReactorObserver & SweeperObserver;

type Told<Happening extends keyof AutomationObserver> = Parameters<NonNullable<AutomationObserver[Happening]>>;

/** One observer that tells all of these. */
export const tellingAll = (observers: readonly AutomationObserver[]): Required<AutomationObserver> => {
  const tell =
    <Happening extends keyof AutomationObserver>(happening: Happening) =>
    (...told: Told<Happening>): void => {
      for (const observer of observers) (observer[happening] as ((...told: Told<Happening>) => void) | undefined)?.(...told);
    };
  return {
    rung: tell('rung'),
    stuck: tell('stuck'),
    failed: tell('failed'),
    sent: tell('sent'),
    notSent: tell('notSent'),
    reacted: tell('reacted'),
    parked: tell('parked'),
    swept: tell('swept'),
  };
};
