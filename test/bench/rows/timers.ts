import { randomUUID } from 'node:crypto';
import { asIfRecorded, eventsOfCommand, inputHash, NO_STREAM, type Actor, type CommandContext, type Event } from '#kernel';
import { incidentStream, type IncidentEvent } from '#domain/incident';
import { incidentTimers } from '#projections';
import { evolveClocks, judgeServiceLevels, parseServiceLevelPolicy } from '#process-managers/service-levels';
import { circumstancesOf, SiteDefinitions } from '#domain/definitions';
import { DueLoop } from '../../../apps/automation/src/due-loop.js';
import { Reviews } from '../../../apps/automation/src/reviews.js';
import { timerAlarms } from '../../../apps/automation/src/timer-alarms.js';
import { systemTime, type Time } from '../../../apps/automation/src/time.js';
import { Workloads } from '../../../apps/automation/src/workloads.js';
import type { Site } from '../../../apps/cli/src/composition/site.js';
import { Projector } from '../../../apps/projector/src/projector.js';
import { dataFolder } from '../../support/program.js';
import { compare, inFlight, type Compared } from '../comparison.js';
import { ownSite } from '../own-site.js';

const HOUR_MS = 3_600_000;
const BEGIN = Date.parse('2026-01-05T00:00:00Z');

/** How many timers are due at once, and how much work that may be, in milliseconds. */
const DUE = 1_000;
const MOST_WORK_MS = 5_000;

/** How much work something is, in milliseconds: the processors' time of all of this process, the embedded nodes and the projector included. */
const workOf = async (work: () => Promise<void>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

const BENCH: Actor = { kind: 'service', id: 'bench', name: 'Bench' };

/** Time that stands where it is set. */
class SetTime implements Time {
  nowMs = () => this.ms;
  until = systemTime.until;

  constructor(public ms: number) {}
}

const context = (): CommandContext => ({
  commandId: randomUUID(),
  commandHash: inputHash('bench'),
  actor: BENCH,
  correlationId: randomUUID(),
});

const write = ({ log }: Site, stream: string, events: Parameters<typeof eventsOfCommand<Event>>[2]) =>
  log.append(stream, NO_STREAM, eventsOfCommand(stream, context(), events));

const hours = (amount: number) => ({ amount, unit: 'elapsed-hours' });

/** A clock for each target: the response is due within the bench, and the others long after it. */
const POLICY = parseServiceLevelPolicy({
  name: 'Bench',
  kind: 'sla',
  rank: 1,
  warnAt: [],
  entries: [{ targets: { response: hours(1), update: hours(4_000), resolution: hours(8_000) } }],
});

/** An open incident with its three clocks, as the judges record it. */
const reported = async (site: Site, definitions: SiteDefinitions, n: number, dueMs: number): Promise<void> => {
  const incidentId = `INC${String(n).padStart(7, '0')}`;
  const reportedMs = dueMs - HOUR_MS;
  const occurredAt = new Date(reportedMs).toISOString();
  const event: IncidentEvent = {
    type: 'IncidentReported',
    data: { incidentId, title: 'A disk is full', reporter: 'bench', channel: 'api' },
  };
  const report = { ...asIfRecorded<IncidentEvent>({ event, occurredAt }, occurredAt), metadata: { actor: BENCH } } as never;
  const { serviceLevels } = circumstancesOf(definitions, reportedMs);
  const verdicts = judgeServiceLevels(evolveClocks(undefined, report), serviceLevels, reportedMs);
  await write(site, incidentStream(incidentId), [{ event, occurredAt }, ...verdicts]);
};

/** A site with so many open incidents, three clocks each, and what rings for their timers. */
class TimedSite {
  readonly time = new SetTime(BEGIN);
  readonly loop: DueLoop;
  readonly #projector: Projector;
  #rung = 0;

  private constructor(
    readonly site: Site,
    readonly definitions: SiteDefinitions,
    private readonly folder: ReturnType<typeof dataFolder>,
  ) {
    const { log, readers } = site;
    const { time } = this;
    const reviews = new Reviews({ log, site: definitions, workloads: new Workloads({ readers, site: definitions, time }), time });
    this.loop = new DueLoop(timerAlarms({ readers, site: definitions, reviews }), time, { rung: (_, count) => (this.#rung += count) });
    this.#projector = new Projector({ log, models: site.models, projections: [incidentTimers] as never });
  }

  /** @param rounds in how many of the hours to come 1,000 of the timers are due; the others are due long after */
  static async of(incidents: number, rounds: number): Promise<TimedSite> {
    const folder = dataFolder();
    const site = await ownSite(folder.path);
    const definitions = new SiteDefinitions(site.log);
    const data = { id: 'bench', version: 1, effectiveFrom: new Date(0).toISOString(), definition: POLICY };
    await write(site, 'service-level-policy-bench', [{ type: 'ServiceLevelPolicyDefined', data }]);
    await definitions.refresh();
    const timed = new TimedSite(site, definitions, folder);
    const numbers = Array.from({ length: incidents }, (_, n) => n + 1);
    await inFlight(64, numbers, (n) => {
      const hour = n <= rounds * DUE ? Math.ceil(n / DUE) : 2_000 + (n % 1_000);
      return reported(site, definitions, n, BEGIN + hour * HOUR_MS);
    });
    await definitions.refresh();
    timed.#projector.start();
    await timed.#projector.reach(await site.log.headPosition());
    return timed;
  }

  /** Rings for all that is due by that hour; how much work it was, in milliseconds. @throws Error where it was not what had to be due */
  async ringAt(hour: number): Promise<number> {
    this.time.ms = BEGIN + hour * HOUR_MS;
    this.#rung = 0;
    const ms = await workOf(async () => {
      while ((await this.loop.ringOnce()) === undefined);
    });
    if (this.#rung !== DUE) throw new Error(`${this.#rung} timers were rung for, and not ${DUE}`);
    return ms;
  }

  /** How much work a look with nothing due is, in microseconds: of many. */
  async lookMicros(looks = 300): Promise<number> {
    const ms = await workOf(async () => {
      for (let n = 0; n < looks; n++) await this.loop.ringOnce();
    });
    return (ms * 1_000) / looks;
  }

  async close(): Promise<void> {
    await this.#projector.stop();
    await this.site.close();
    this.folder.remove();
  }
}

/** What timers cost, fired and not, on a site with so many open incidents and on one with a tenth of them. */
export const timers = async ({ incidents, rounds }: { incidents: number; rounds: number }): Promise<Compared[]> => {
  const many = await TimedSite.of(incidents, rounds);
  const few = await TimedSite.of(incidents / 10, 0);
  try {
    await Promise.all([many.lookMicros(), few.lookMicros()]);
    const looks = await compare({
      what: `a look with nothing due, ${incidents} incidents`,
      against: `of ${incidents / 10}`,
      unit: 'µs of work',
      goal: { atMost: 1.3 },
      rounds: Math.max(rounds, 5),
      round: async () => [await many.lookMicros(), await few.lookMicros()],
    });
    const fired = await compare({
      what: `${DUE} due timers of ${incidents} incidents`,
      against: 'what that may be',
      unit: 'ms of work',
      goal: { atMost: 1 },
      rounds,
      round: async (n) => [await many.ringAt(n + 1), MOST_WORK_MS],
    });
    return [fired, looks];
  } finally {
    await Promise.all([many.close(), few.close()]);
  }
};
