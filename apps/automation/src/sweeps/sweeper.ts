import { randomUUID } from 'node:crypto';
import { fold, handleCommand, inputHash, LOG_START, type Actor, type EventLog } from '#kernel';
import { incidentsToSweep, incidentTimers, type SweepScope } from '#projections';
import type { ViewReaders } from '#adapters/read-models';
import {
  ASSIGNMENT_RULES,
  CALENDARS,
  CLOSURE_POLICIES,
  ESCALATION_POLICIES,
  MAJOR_INCIDENT_POLICIES,
  PEOPLE,
  SERVICE_LEVEL_POLICIES,
  SERVICES,
  TEAMS,
  type DefinitionKind,
  type SiteDefinitions,
} from '#domain/definitions';
import { inParallel } from '../in-parallel.js';
import type { Reviews } from '../reviews.js';
import { Rounds, type RoundsObserver } from '../rounds.js';
import type { Time } from '../time.js';
import {
  completeSweep,
  progressSweep,
  SWEEP_STREAM_PREFIX,
  sweepDecider,
  SweepLost,
  takeSweep,
  type SweepEvent,
  type SweepReach,
  type Sweeps,
} from './sweep.js';

/** The position of a site on which nothing is defined. */
const NOTHING = LOG_START.toString();

type Kinds = readonly Pick<DefinitionKind, 'path'>[];

/** Which definitions the judges look up, by the incidents that a change of them may concern. */
const KINDS: Readonly<Record<SweepScope, Kinds>> = {
  live: [CALENDARS, SERVICE_LEVEL_POLICIES, ESCALATION_POLICIES, CLOSURE_POLICIES, MAJOR_INCIDENT_POLICIES, SERVICES, TEAMS],
  // a change of teams concerns them too, and is among those of all that are live
  unassigned: [ASSIGNMENT_RULES, PEOPLE],
};

const SWEEPER: Actor = { kind: 'automation', id: 'sweeper', name: 'Automation' };

export type SweeperParts = Readonly<{
  log: EventLog;
  readers: ViewReaders;
  site: SiteDefinitions;
  reviews: Reviews;
  time: Time;
  /** Names this process among all. */
  process: string;
}>;

export type SweeperObserver = RoundsObserver & Readonly<{ swept?: (scope: SweepScope, incidents: number, seconds: number) => void }>;

/** How many incidents are looked at between two renewals of the lease, and how many of them at a time. */
const PAGE = 200;
const AT_A_TIME = 8;

/** The longest that it sleeps, in milliseconds: changes of the site that other processes have heard of are found then. */
const LOOK_EACH_MS = 5_000;

/**
 * Has incidents reviewed that a change of the site may concern, once the change holds: another calendar moves what is due, a policy that is
 * switched off stops. One process at a time does it; where that one is gone, another goes on where it was.
 * A look costs one call to the log; a sweep costs one review for each incident of its scope.
 */
export class Sweeper {
  readonly #rounds: Rounds;

  constructor(
    private readonly scope: SweepScope,
    private readonly parts: SweeperParts,
    private readonly observer: SweeperObserver,
  ) {
    this.#rounds = new Rounds(`sweep of ${scope} incidents`, (signal) => this.sweepOnce(signal), parts.time, observer);
  }

  /** The site may have changed: looks at once. */
  wake(): void {
    this.#rounds.wake();
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#rounds.run(signal);
  }

  /** Whether the site has changed since the last sweep was completed. */
  async isBehind(): Promise<boolean> {
    await this.parts.site.refresh();
    const { until, position } = this.#reachAt(this.#now());
    const events: SweepEvent[] = [];
    for await (const event of this.parts.log.readStream<SweepEvent>(this.#streamName)) events.push(event);
    const { completed, current } = fold(sweepDecider, events);
    return current !== null || (position !== NOTHING && (completed?.until !== until || completed.position !== position));
  }

  /** When the site changes next, as it is defined now, in milliseconds since 1970; `undefined` where it does not. */
  nextInstant(): number | undefined {
    const { next } = this.parts.site.changesAround(KINDS[this.scope], this.#now());
    return next === undefined ? undefined : Date.parse(next);
  }

  /** Sweeps where that is due. Answers until when to sleep, in milliseconds since 1970; `undefined` where it swept. */
  async sweepOnce(signal: AbortSignal): Promise<number | undefined> {
    const { site, time, process: by } = this.parts;
    await site.refresh();
    const now = this.#now();
    const reach = this.#reachAt(now);
    const asleepMs = Math.min(time.nowMs() + LOOK_EACH_MS, this.nextInstant() ?? Infinity);
    if (reach.position === NOTHING) return asleepMs;

    const taken = await this.#command((sweeps) => takeSweep({ ...reach, by, now }, sweeps));
    if (!taken.changed) return asleepMs;
    try {
      await this.#sweep(taken.state.current as NonNullable<Sweeps['current']>, signal);
    } catch (error) {
      // another process has taken it over; whether anything is left is for the next round to see
      if (!(error instanceof SweepLost)) throw error;
    }
    return undefined;
  }

  async #sweep({ position, after }: NonNullable<Sweeps['current']>, signal: AbortSignal): Promise<void> {
    const { readers, reviews, process: by } = this.parts;
    const begun = performance.now();
    const begunAt = this.#now();
    let [last, count] = [after, 0];
    while (!signal.aborted) {
      const spec = incidentsToSweep(this.scope, begunAt, last, PAGE);
      // whoever was reported before the change is in the view by then; whoever is later is judged by the change already
      const { value } = await readers
        .of(incidentTimers as never)
        .read((view) => view.list<{ _id: string }>(spec), { after: BigInt(position), settle: false });
      await inParallel(value, AT_A_TIME, async ({ _id }) => void (await reviews.review(_id)));
      count += value.length;
      last = value.at(-1)?._id ?? last;
      if (value.length < PAGE) break;
      await this.#command((sweeps) => progressSweep({ incidentId: last as string, by, now: this.#now() }, sweeps));
    }
    if (signal.aborted) return;
    await this.#command((sweeps) => completeSweep({ by }, sweeps));
    this.observer.swept?.(this.scope, count, (performance.now() - begun) / 1_000);
  }

  /** What a sweep that begins now would see: it is another one than the last where something holds, or holds no longer, since then. */
  #reachAt(now: string): SweepReach {
    const { site } = this.parts;
    const kinds = KINDS[this.scope];
    return { until: site.changesAround(kinds, now).last ?? '', position: site.changedAt(kinds).toString() };
  }

  get #streamName(): string {
    return `${SWEEP_STREAM_PREFIX}${this.scope}`;
  }

  async #command(decide: (sweeps: Sweeps) => SweepEvent[]) {
    const { log } = this.parts;
    const commandId = randomUUID();
    const context = {
      commandId,
      commandHash: inputHash({ command: 'Sweep', scope: this.scope }),
      actor: SWEEPER,
      correlationId: commandId,
    };
    let state = sweepDecider.initialState;
    const result = await handleCommand(log, sweepDecider, this.#streamName, context, (sweeps) => {
      const events = decide(sweeps);
      state = fold({ ...sweepDecider, initialState: sweeps }, events);
      return events;
    });
    return { ...result, state };
  }

  #now(): string {
    return new Date(this.parts.time.nowMs()).toISOString();
  }
}
