import type { ViewHealth } from '../options.js';
import { flag, list, name, named, number, object, oneOf, optional, position, text, whole } from '../schemas/schema.js';

/** How an engine answered; its message names no secret. */
export type EngineHealth = Readonly<{ up: boolean; problem?: string }>;

type ViewAnswer = Omit<ViewHealth, 'position'> & Readonly<{ position: string }>;

export type HealthAnswer = Readonly<{
  status: 'up' | 'down';
  engines: Readonly<{ eventStore: EngineHealth; readModels: EngineHealth }>;
  views: readonly ViewAnswer[];
}>;

export type LiveAnswer = Readonly<{ status: 'up' }>;

const ENGINE = object<EngineHealth>({ up: flag(), problem: optional(text('Why it is not.')) });

const VIEW = named<ViewAnswer>(
  'ViewHealth',
  object<ViewAnswer>({
    view: name('The view, and which version of it.', 'agent-queue_v1'),
    state: text(
      '`starting`, `running`, `standby` (another process moves it), `retrying` (an engine is away), `halted`, `stopped`; `elsewhere` where no projector runs in this process.',
    ),
    position: position('Every event up to here is in it.'),
    isCaughtUp: optional(flag('Nothing was left in the log when it was last heard of.')),
    lagEvents: optional(whole('Events that have arrived and are not in it yet.')),
    lagSeconds: optional(number('The age of the oldest of these.')),
    halted: optional(text('Why it stopped: an event it cannot take.')),
  }),
);

export const HEALTH = named<HealthAnswer>(
  'Health',
  object<HealthAnswer>({
    status: oneOf(['up', 'down'], '`down`: an engine is not reached, or a view is halted.'),
    engines: object<HealthAnswer['engines']>({ eventStore: ENGINE, readModels: ENGINE }),
    views: list(VIEW),
  }),
);

export const LIVE = named<LiveAnswer>('Live', object<LiveAnswer>({ status: oneOf(['up']) }));
