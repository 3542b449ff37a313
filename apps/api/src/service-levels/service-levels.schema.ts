import { ALLOWANCE_UNITS, type Allowance } from '#domain/calendars';
import { SLA_KINDS, SLA_TARGETS } from '#domain/incident';
import type { ExplainedClock, ExplainedInterval } from '#process-managers/service-levels';
import {
  flag,
  instant,
  list,
  name,
  named,
  nullable,
  number,
  object,
  oneOf,
  position,
  text,
  whole,
  type Schema,
} from '../schemas/schema.js';
import type { ChangedIncident, Simulation, Verdicts, VerdictsOf } from './simulate-service-levels.js';

const ALLOWANCE = object<Allowance>(
  { amount: whole(undefined, { minimum: 1 }), unit: oneOf(ALLOWANCE_UNITS, '`1 business-days` is not `24 business-hours`.') },
  'How much time there is.',
);

const INTERVAL = named<ExplainedInterval>(
  'ServiceLevelInterval',
  object<ExplainedInterval>(
    {
      from: instant(),
      to: nullable(instant('Exclusive. Null: it goes on.')),
      counted: flag(),
      why: text('What the incident was then, and what the calendar says of it.', { example: 'the incident is open; Monday 09:00–17:00' }),
      event: object<ExplainedInterval['event']>(
        { revision: whole(), type: name() },
        'The event that says so: it began what the incident was then.',
      ),
      calendarVersion: nullable(whole('The version of the calendar that says so.', { minimum: 1 })),
      used: number('How much of its time it used, in the clock’s unit.'),
    },
    'A stretch of time that counted, or did not.',
  ),
);

const CLOCK = named<ExplainedClock>(
  'ExplainedClock',
  object<ExplainedClock>(
    {
      clockId: name('Names it within the incident.', 'sla-resolution-1'),
      target: oneOf(SLA_TARGETS) as Schema<string>,
      kind: oneOf(SLA_KINDS) as Schema<string>,
      policyVersion: name('The policy that started it, and its version.', 'standard@1'),
      calendar: nullable(name()),
      allowance: ALLOWANCE,
      startedAt: instant(),
      dueAt: nullable(instant('When it runs out if nothing pauses it. Null: it does not run, or has ended.')),
      breachedAt: nullable(instant()),
      isMet: flag(),
      isStopped: flag('Other terms took its place, or the incident was cancelled.'),
      unit: oneOf(['seconds', 'working days']),
      used: number('What its intervals add up to.'),
      allowed: number(),
      intervals: list(INTERVAL, 'In order, without gaps.'),
    },
    'A clock of a service level, interval by interval.',
  ),
);

type Explained = Readonly<{
  incidentId: string;
  at: string;
  revision: number;
  position: string;
  clocks: readonly ExplainedClock[];
}>;

export const EXPLAINED = named<Explained>(
  'ExplainedServiceLevels',
  object<Explained>(
    {
      incidentId: name(undefined, 'INC0000001'),
      at: instant('Up to this instant.'),
      revision: whole('The last event of the history that they know.'),
      position: position('The place of that event in the log.'),
      clocks: list(CLOCK, 'Every clock that was ever started, oldest first; those whose place others took keep their story.'),
    },
    'Why the service levels of an incident stand where they stand.',
  ),
);

export const EXPLAINED_TEXT = text('The same as a table that a person reads, for each clock.');

const VERDICTS = object<Verdicts>(
  { clocks: whole(), met: whole(), breached: whole(), open: whole('Neither met nor breached yet, or stopped.') },
  'How many clocks there are, and what became of them.',
);

const OF_TARGET = object<VerdictsOf>({
  kind: oneOf(SLA_KINDS),
  target: oneOf(SLA_TARGETS),
  recorded: VERDICTS,
  simulated: VERDICTS,
});

const CHANGED = object<ChangedIncident>({
  incidentId: name(undefined, 'INC0000001'),
  kind: oneOf(SLA_KINDS),
  target: oneOf(SLA_TARGETS),
  recorded: oneOf(['none', 'met', 'breached', 'open']),
  simulated: oneOf(['none', 'met', 'breached', 'open']),
});

type SimulationAnswer = Omit<Simulation, 'position'> & Readonly<{ position: string }>;

export const SIMULATION = named<SimulationAnswer>(
  'ServiceLevelSimulation',
  object<SimulationAnswer>(
    {
      position: position('Up to where in the log incidents were looked for.'),
      from: instant('Incidents reported from then on'),
      to: instant('and before.'),
      until: instant('What would have been due later is not counted.'),
      incidents: whole('How many incidents were played.'),
      verdicts: list(OF_TARGET, 'What was recorded, and what the draft would have done.'),
      changed: list(CHANGED, 'Incidents of which the verdict would be another one: the first hundred.', 100),
      changedTotal: whole('How many verdicts would be others.'),
    },
    'What a draft policy would have done to the incidents of a period. Nothing was changed.',
  ),
);
