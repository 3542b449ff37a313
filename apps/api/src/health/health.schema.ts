import type { AlarmsHealth, AutomationHealth, ViewHealth } from '../options.js';
import { flag, instant, list, name, named, number, object, oneOf, optional, position, text, whole } from '../schemas/schema.js';

/** How an engine answered; its message names no secret. */
export type EngineHealth = Readonly<{ up: boolean; problem?: string }>;

type ViewAnswer = Omit<ViewHealth, 'position'> & Readonly<{ position: string }>;

export type HealthAnswer = Readonly<{
  status: 'up' | 'down';
  engines: Readonly<{ eventStore: EngineHealth; readModels: EngineHealth }>;
  views: readonly ViewAnswer[];
  /** Absent while an engine cannot tell. */
  automation?: AutomationHealth;
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

const ALARMS = object<AlarmsHealth>({
  overdue: whole('How many were due more than 10 s ago, and nobody has dealt with; counted up to 1,000.'),
  overdueSince: optional(instant('When the oldest of these was due.')),
  nextAt: optional(instant('When the first one is due, overdue or not; absent where none is set.')),
});

const AUTOMATION = named<AutomationHealth>(
  'AutomationHealth',
  object<AutomationHealth>({
    processes: whole('How many do what follows from events. With none, nothing is judged, assigned, escalated or told.'),
    parked: whole('Events that failed too often and are put aside: `faultline retry-parked` has them tried again.'),
    timers: ALARMS,
    notices: ALARMS,
  }),
);

export const HEALTH = named<HealthAnswer>(
  'Health',
  object<HealthAnswer>({
    status: oneOf(['up', 'down'], '`down`: an engine is not reached, or a view is halted.'),
    engines: object<HealthAnswer['engines']>({ eventStore: ENGINE, readModels: ENGINE }),
    views: list(VIEW),
    automation: optional(AUTOMATION),
  }),
);

export const LIVE = named<LiveAnswer>('Live', object<LiveAnswer>({ status: oneOf(['up']) }));
