import { randomUUID } from 'node:crypto';
import type { Event, Recorded } from '#kernel';
import { startMongoNode, type MongoNode } from '@faultline/embedded-mongo';
import type { IncidentEvent } from '#domain/incident';
import type { Channel, OutgoingNotice } from '#adapters/notification-channels';
import { projections } from '#projections';
import { connectReadModels, ViewReaders, type ReadModels } from '#adapters/read-models';
import { SiteDefinitions } from '#domain/definitions';
import { handlebarsTemplates } from '#adapters/templates';
import { memoryConsumers, memoryLog } from '#testing';
import { AUTOMATION_GROUP, Automation, automationHealth, type Time } from '../../apps/automation/src/index.js';
import type { HealthAnswer } from '../../apps/api/src/health/health.schema.js';
import { siteCatalogue } from '../../apps/cli/src/composition/catalogue.js';
import { Projector } from '../../apps/projector/src/index.js';
import { apiOn, type Answer, type RunningApi } from './api.js';

/** A clock that stands still until it is set; whoever waits looks again then. */
export class PlayedTime implements Time {
  readonly #waiting = new Set<() => void>();

  constructor(private ms: number) {}

  nowMs(): number {
    return this.ms;
  }

  until(instantMs: number, signal: AbortSignal): Promise<void> {
    if (instantMs <= this.ms || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  set(ms: number): void {
    this.ms = ms;
    for (const wake of [...this.#waiting]) wake();
  }
}

/** The streams that any view shows. */
const SHOWN = [...new Set(projections.flatMap(({ streamPrefixes }) => streamPrefixes))];

const DESK = { 'faultline-actor': 'person:desk' } as const;

/** A notice as it left, and when. */
export type Left = OutgoingNotice & Readonly<{ at: string }>;

/**
 * A whole site in one process on which a test sets the time: the API, the projector and automation, on a log in memory and views in the
 * embedded document store. Between two instants of interest nothing happens, so months take as long as what happens in them.
 */
export class PlayedSite {
  readonly time: PlayedTime;
  /** What people were told, in order. */
  readonly left: Left[] = [];
  #node!: MongoNode;
  #models!: ReadModels;
  #readers!: ViewReaders;
  #projector!: Projector;
  #automation!: Automation;
  #api!: RunningApi;
  readonly log;
  readonly #consumers;
  #shown = -1n;

  private constructor(start: string) {
    this.time = new PlayedTime(Date.parse(start));
    this.log = memoryLog({ catalogue: siteCatalogue, clock: { now: () => this.now } });
    this.#consumers = memoryConsumers(this.log);
  }

  /** Begins at an instant, ISO 8601, UTC. */
  static async at(start: string): Promise<PlayedSite> {
    const played = new PlayedSite(start);
    await played.#start();
    return played;
  }

  get now(): string {
    return new Date(this.time.nowMs()).toISOString();
  }

  async #start(): Promise<void> {
    this.#node = await startMongoNode({ users: 'none', thread: 'same' });
    this.#models = connectReadModels({ uri: this.#node.uri, database: `played_${randomUUID().slice(0, 8)}` });
    this.#readers = new ViewReaders(this.#models);
    this.#projector = new Projector({ log: this.log, models: this.#models, projections: projections as never });
    this.#projector.start();
    for (const view of projections) {
      const reader = this.#readers.of(view as never);
      while ((await reader.position()) === undefined) await new Promise((resolve) => setImmediate(resolve));
    }
    const console: Channel = {
      send: (notice) => {
        this.left.push({ ...notice, at: this.now });
        return Promise.resolve({ reference: notice.noticeId, answer: 'heard' });
      },
    };
    const { consume, groupStatus, retryParked } = this.#consumers;
    this.#automation = new Automation({
      log: Object.assign(Object.create(this.log) as typeof this.log, this.log, { consume, groupStatus, retryParked }),
      models: this.#models,
      readers: this.#readers,
      site: new SiteDefinitions(this.log),
      templates: handlebarsTemplates,
      channels: new Map([['console', console]]),
      time: this.time,
    });
    this.#automation.start();
    this.#api = await apiOn(this.log, {
      models: this.#models,
      readers: this.#readers,
      automation: () => automationHealth({ consumers: this.#consumers, readers: this.#readers }, this.time.nowMs()),
      now: () => new Date(this.time.nowMs()),
    });
  }

  /** Asks the API, as the service desk where nobody else is named, and waits for all that follows. */
  async request(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = DESK): Promise<Answer> {
    const answer = await this.#api.request(method, `/api/v1${path}`, body, headers);
    await this.settled();
    return answer;
  }

  /** Asks, and takes no refusal. */
  async done(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer['body']> {
    const { status, body: answered, text } = await this.request(method, path, body, headers);
    if (status >= 400) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    return answered;
  }

  /** Resolves once everything that follows by now has followed. */
  async settled(): Promise<void> {
    for (;;) {
      const seen = await this.#lastShown();
      await this.#projector.reach(seen);
      await this.#consumers.settled(AUTOMATION_GROUP);
      const isBehind = await this.#automation.isBehind();
      if (!isBehind && seen === (await this.#lastShown())) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The position of the last event that any view shows. */
  async #lastShown(): Promise<bigint> {
    for await (const { position } of this.log.readAll({ after: this.#shown, streamPrefixes: SHOWN })) this.#shown = position;
    return this.#shown;
  }

  /** Lets time go by, from one instant of interest to the next, up to this one (ISO 8601, UTC) or by so many milliseconds. */
  async until(end: string | number): Promise<void> {
    const endMs = typeof end === 'number' ? this.time.nowMs() + end : Date.parse(end);
    for (;;) {
      const nextMs = await this.#automation.nextInstant();
      const isLast = nextMs === undefined || nextMs > endMs;
      this.time.set(isLast ? endMs : Math.max(nextMs, this.time.nowMs()));
      await this.settled();
      if (isLast) return;
    }
  }

  /** The events of an incident, in order. */
  async events(incidentId: string): Promise<Recorded<IncidentEvent>[]> {
    const events: Recorded<IncidentEvent>[] = [];
    for await (const event of this.log.readStream<IncidentEvent>(`incident-${incidentId}`)) events.push(event);
    return events;
  }

  parked(): readonly Recorded<Event>[] {
    return this.#consumers.parked(AUTOMATION_GROUP);
  }

  /** As `/health` says. */
  async health(): Promise<HealthAnswer> {
    return JSON.parse((await this.#api.request('GET', '/health')).text) as HealthAnswer;
  }

  /** The process that runs automation ends; the others go on. */
  async stopAutomation(): Promise<void> {
    await this.#automation.stop();
  }

  async stop(): Promise<void> {
    await this.stopAutomation();
    await this.#api.close();
    await this.#projector.stop();
    await this.#models.close();
    await this.#node.stop();
  }
}
