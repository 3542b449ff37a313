import { setTimeout as delay } from 'node:timers/promises';
import { backOffMs, Refusal, type Delivery, type Event, type EventConsumers, type EventLog, type Recorded } from '#kernel';
import { INCIDENT_STREAM_PREFIX, incidentStream, type IncidentEvent } from '#domain/incident';
import { DEFINITION_STREAM_PREFIXES, type SiteDefinitions } from '#domain/definitions';
import { JUDGES, type Reviews } from '../reviews.js';
import type { Time } from '../time.js';
import type { FollowUp } from './follow-up.js';
import { momentsOf } from './moments.js';

/**
 * The consumer group of the automation role. A group keeps the streams it was made for: whoever adds to them gives it another name, and all
 * of history is dealt with once more, which changes nothing.
 */
export const AUTOMATION_GROUP = 'automation-1';

/** Most events that one process has under way. */
const IN_FLIGHT = 64;

/** How long to wait for the other events of a command, in milliseconds. */
const TOGETHER_MS = 2;

/** How often what fails for no reason that time could mend is tried again, before a person has to look at it. */
const TRIES = 5;

export type ReactorParts = Readonly<{
  consumers: EventConsumers;
  log: EventLog;
  site: SiteDefinitions;
  reviews: Reviews;
  followUps: readonly FollowUp[];
  time: Time;
  /** The site has changed: whoever goes by it looks again. */
  siteChanged: () => void;
}>;

export type ReactorObserver = Readonly<{
  reacted?: (events: number, seconds: number) => void;
  /** It is handed over again. */
  failed?: (name: string, error: unknown, nextInMs: number) => void;
  /** It failed too often, and is put aside. */
  parked?: (event: Recorded<Event>, error: unknown) => void;
}>;

/** History from elsewhere came with its verdicts, and what the judges said is settled: neither needs a judgement. */
const needsReview = ({ metadata: { actor } }: Recorded<IncidentEvent>): boolean =>
  actor.kind !== 'import' && !(actor.kind === JUDGES.kind && actor.id === JUDGES.id);

/** Whether these are an incident's events from its report on, with none left out. */
const isWhole = (events: readonly Recorded<IncidentEvent>[]): boolean => events.every(({ revision }, n) => revision === BigInt(n));

/** What was recorded so short a time ago, in milliseconds, is how the incident stands: what comes next will come here by itself. */
const FRESH_MS = 5_000;
const isFresh = ({ recordedAt }: Recorded<IncidentEvent>, nowMs: number): boolean => Math.abs(nowMs - Date.parse(recordedAt)) < FRESH_MS;

/**
 * Does what follows from events, as one member of a group: each event is dealt with at least once, by whichever process is there, and what
 * is done twice is done once. Events of one incident that come together are dealt with together.
 */
export class Reactor {
  readonly #pending = new Map<string, Delivery<IncidentEvent>[]>();
  readonly #working = new Set<Promise<void>>();
  readonly #types: ReadonlySet<string>;

  constructor(
    private readonly parts: ReactorParts,
    private readonly observer: ReactorObserver,
  ) {
    this.#types = new Set(parts.followUps.flatMap(({ types }) => types));
  }

  async run(signal: AbortSignal): Promise<void> {
    const options = {
      group: AUTOMATION_GROUP,
      streamPrefixes: [INCIDENT_STREAM_PREFIX, ...DEFINITION_STREAM_PREFIXES],
      inFlight: IN_FLIGHT,
      signal,
    };
    for await (const delivery of this.parts.consumers.consume<Event>(options)) {
      if (delivery.event.streamName.startsWith(INCIDENT_STREAM_PREFIX)) this.#take(delivery as Delivery<IncidentEvent>);
      else this.#begin(this.#siteChanged(delivery));
    }
    await Promise.all(this.#working);
  }

  #begin(work: Promise<void>): void {
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }

  async #siteChanged(delivery: Delivery): Promise<void> {
    this.parts.siteChanged();
    await delivery.done().catch(() => undefined);
  }

  #take(delivery: Delivery<IncidentEvent>): void {
    const { incidentId } = delivery.event.data;
    const pending = this.#pending.get(incidentId);
    if (pending) {
      pending.push(delivery);
      return;
    }
    this.#pending.set(incidentId, [delivery]);
    this.#begin(this.#work(incidentId));
  }

  /** One incident at a time, for as long as events of it keep coming. */
  async #work(incidentId: string): Promise<void> {
    // the events of one command are handed over one right after the other, and are dealt with in one go once all of them are here
    await delay(TOGETHER_MS);
    for (;;) {
      const deliveries = this.#pending.get(incidentId) ?? [];
      if (deliveries.length === 0) break;
      this.#pending.set(incidentId, []);
      const begun = performance.now();
      try {
        await this.#react(
          incidentId,
          deliveries.map(({ event }) => event),
        );
        // where the connection is gone, they are handed over again, and there is nothing left to do then
        await Promise.all(deliveries.map((delivery) => delivery.done().catch(() => undefined)));
        this.observer.reacted?.(deliveries.length, (performance.now() - begun) / 1_000);
      } catch (error) {
        await this.#fail(deliveries, error);
      }
    }
    this.#pending.delete(incidentId);
  }

  async #react(incidentId: string, events: readonly Recorded<IncidentEvent>[]): Promise<void> {
    const { log, site, reviews, followUps, time } = this.parts;
    const news = events.filter((event) => needsReview(event) || this.#types.has(event.type));
    const last = news.at(-1);
    if (!last) return;
    await site.reach(last.position);

    // the events of a new incident are all that there is of it, as far as has come here: they need not be read
    const known = isWhole(events) ? events : undefined;
    const judgedFor = news.findLast(needsReview);
    let latest = known && isFresh(last, time.nowMs()) ? known : undefined;
    if (judgedFor) {
      const { id: eventId, metadata } = judgedFor;
      const { changed } = await reviews.review(incidentId, { eventId, correlationId: metadata.$correlationId }, known);
      if (changed) latest = undefined;
    }
    const revisions = new Set(news.filter(({ type }) => this.#types.has(type)).map(({ revision }) => revision));
    if (revisions.size === 0) return;
    const history = latest ?? log.readStream<IncidentEvent>(incidentStream(incidentId));
    for (const moment of await momentsOf(history, revisions)) {
      for (const followUp of followUps) if (followUp.types.includes(moment.event.type)) await followUp.follow(moment);
    }
  }

  /** What time can mend is handed over again, however often; what it cannot, a few times, and then put aside for a person. */
  async #fail(deliveries: readonly Delivery<IncidentEvent>[], error: unknown): Promise<void> {
    const retries = Math.max(...deliveries.map((delivery) => delivery.retries));
    const reason = error instanceof Error ? error.message : String(error);
    const canMend = error instanceof Refusal && (error.kind === 'unavailable' || error.kind === 'contended');
    if (!canMend && retries + 1 >= TRIES) {
      for (const delivery of deliveries) this.observer.parked?.(delivery.event, error);
      await Promise.all(deliveries.map((delivery) => delivery.park(reason).catch(() => undefined)));
      return;
    }
    const waitMs = backOffMs(retries + 1);
    this.observer.failed?.('events', error, waitMs);
    await this.parts.time.until(this.parts.time.nowMs() + waitMs, new AbortController().signal);
    await Promise.all(deliveries.map((delivery) => delivery.again(reason).catch(() => undefined)));
  }
}
