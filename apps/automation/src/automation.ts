import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import type { EventConsumers, EventLog } from '#kernel';
import type { Channel } from '#adapters/notification-channels';
import type { NoticeChannel, Occasion, TemplateLanguage } from '#domain/notifications';
import type { ReadModels, ViewReaders } from '#adapters/read-models';
import type { SiteDefinitions } from '#domain/definitions';
import { noticesIn } from './alarm-source.js';
import { tellingAll, type AutomationObserver } from './automation.observer.js';
import { DueLoop, type Alarms } from './due-loop.js';
import { Digests } from './notices/digests.js';
import { Outbox, type ConfirmationLinks } from './notices/outbox.js';
import { TellPeople } from './notices/tell-people.js';
import { freedHands } from './reactions/freed-hands.js';
import { mirrorLinks, resolveChildren } from './reactions/linked-incidents.js';
import { Reactor } from './reactions/reactor.js';
import { Reviews } from './reviews.js';
import { Sweeper } from './sweeps/sweeper.js';
import { systemTime, type Time } from './time.js';
import { timerAlarms } from './timer-alarms.js';
import { Workloads } from './workloads.js';

/** What the automation role is made of; the composition root gives it. */
export type AutomationOptions = Readonly<{
  log: EventLog & EventConsumers;
  models: ReadModels;
  readers: ViewReaders;
  site: SiteDefinitions;
  templates: TemplateLanguage;
  /** Ways out for notices. What has none goes to the console. */
  channels: ReadonlyMap<NoticeChannel, Channel>;
  /** Webhooks that are told of occasions, by the id they are set up under. */
  subscriptions?: ReadonlyMap<string, ReadonlySet<Occasion>>;
  /** Where a person sees an incident; and the links by which a reporter answers. */
  incidentLink?: (incidentId: string) => string;
  confirmationLinks?: ConfirmationLinks;
  /** The system's; a test sets one. */
  time?: Time;
}>;

/** How long `stop` waits for what is under way, in milliseconds; then it leaves it to whoever goes on. */
const STOP_WITHIN_MS = 10_000;

/**
 * What a site does by itself: it judges what time does to incidents, assigns, escalates, closes, and tells people. Any number of processes
 * may run it on one site; each fact is recorded once.
 */
export class Automation {
  readonly #stop = new AbortController();
  readonly #observers: AutomationObserver[] = [];
  readonly #loops: readonly (Reactor | DueLoop | Sweeper)[];
  readonly #listening: Subscription;
  #running: Promise<unknown> | undefined;

  constructor(options: AutomationOptions) {
    const { log, models, readers, site, templates, channels, subscriptions = new Map<string, never>() } = options;
    const { incidentLink, confirmationLinks, time = systemTime } = options;
    const process = `automation-${randomUUID()}`;
    const observer = tellingAll(this.#observers);

    const workloads = new Workloads({ readers, site, time });
    const reviews = new Reviews({ log, site, workloads, time });
    const digests = new Digests({ log, readers, site, time, templates });
    const outbox = new Outbox({ log, site, time, channels, digests, process, ...(confirmationLinks && { confirmationLinks }) }, observer);
    const tellPeople = new TellPeople({
      ...{ log, site, time, templates, subscriptions },
      channels: new Set(channels.keys()),
      canConfirm: confirmationLinks !== undefined,
      ...(incidentLink && { incidentLink }),
    });

    const timers = timerAlarms({ readers, site, reviews });
    const outgoing: Alarms = {
      ...noticesIn(readers),
      prepare: () => site.refresh(),
      ring: (noticeId) => outbox.send(noticeId),
    };
    const loops = new Map([timers, outgoing].map((alarms) => [alarms.reader.id, new DueLoop(alarms, time, observer)]));
    const sweepParts = { log, readers, site, reviews, time, process };
    const sweepers = (['live', 'unassigned'] as const).map((scope) => new Sweeper(scope, sweepParts, observer));
    const followUps = [mirrorLinks(log), resolveChildren(log), freedHands({ readers, site, reviews, time }), tellPeople];
    const siteChanged = () => sweepers.forEach((sweeper) => sweeper.wake());
    const reactor = new Reactor({ consumers: log, log, site, reviews, followUps, time, siteChanged }, observer);

    this.#loops = [reactor, ...loops.values(), ...sweepers];
    // a view that has moved may show an earlier instant
    this.#listening = models.commits.subscribe(({ view }) => loops.get(view)?.wake());
  }

  /** Has an observer told from now on. */
  observe(observer: AutomationObserver): void {
    this.#observers.push(observer);
  }

  /** Starts, once; does not wait for anything, and never fails. */
  start(): void {
    this.#running ??= Promise.all(this.#loops.map((loop) => loop.run(this.#stop.signal)));
  }

  /** When it has something to do next, as far as is known now, in milliseconds since 1970; `undefined`: not before something happens. */
  async nextInstant(): Promise<number | undefined> {
    const instants: number[] = [];
    for (const loop of this.#loops) {
      const next = loop instanceof Reactor ? undefined : await loop.nextInstant();
      if (next !== undefined) instants.push(next);
    }
    return instants.length > 0 ? Math.min(...instants) : undefined;
  }

  /** Whether anything is due that nobody has dealt with yet: an alarm, a notice, a look at what a change of the site concerns. */
  async isBehind(): Promise<boolean> {
    for (const loop of this.#loops) if (!(loop instanceof Reactor) && (await loop.isBehind())) return true;
    return false;
  }

  /**
   * Stops: what is under way is finished.
   * @returns false where that takes too long: whoever goes on finishes it
   */
  async stop(): Promise<boolean> {
    this.#stop.abort();
    this.#listening.unsubscribe();
    const limit = new AbortController();
    const late = delay(STOP_WITHIN_MS, 'late', { signal: limit.signal }).catch(() => 'done');
    const outcome = await Promise.race([this.#running, late]);
    limit.abort();
    return outcome !== 'late';
  }
}
