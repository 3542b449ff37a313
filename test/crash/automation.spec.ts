import { createServer, type Server as HttpServer } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventStoreLog, type EventStoreLog } from '#adapters/event-store';
import type { IncidentEvent } from '#domain/incident';
import { LOG_START, type Event, type Recorded } from '#kernel';
import type { NoticeEvent } from '#domain/notifications';
import { siteCatalogue } from '../../apps/cli/src/composition/catalogue.js';
import { dataFolder, root, start, until, type Server } from '../support/program.js';

/** `FAULTLINE_CRASH_KILLS=30 npm test -- test/crash` kills as often as a release asks for; npm test itself a few times. */
const KILLS = Number(process.env['FAULTLINE_CRASH_KILLS'] ?? 3);
const PATIENCE_MS = 90_000 + KILLS * 15_000;
const HOUR_MS = 3_600_000;

/** Runs a process by clocks that are ahead of ours: whatever was due or leased within that time is past for it. */
const ahead = (byMs: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL(`file://${join(root, 'test/support/clock-ahead.mjs')}`).href}`,
  TEST_CLOCK_AHEAD_MS: String(byMs),
});

/** Somebody on loopback who is told, and remembers what: the ids of notices, in the order in which they came. */
class Receiver {
  readonly told: string[] = [];

  private constructor(
    private readonly server: HttpServer,
    readonly url: string,
  ) {}

  static async listen(): Promise<Receiver> {
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        receiver.told.push(request.headers['webhook-id'] as string);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const receiver = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
    return receiver;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let folder: ReturnType<typeof dataFolder>;
let receiver: Receiver;
let site: Server;
let log: EventStoreLog;
const automata = new Set<Server>();

/** The engines of the site, as whoever runs them says in the data folder. */
const engines = () => {
  const { endpoints } = JSON.parse(readFileSync(join(folder.path, 'endpoints.json'), 'utf8')) as {
    endpoints: { eventStoreUri: string; mongoUri: string };
  };
  return { EVENTSTORE_URI: endpoints.eventStoreUri, MONGODB_URI: endpoints.mongoUri };
};

/** A process that runs automation on the site, and nothing else. */
const startAutomation = async (extra: Record<string, string> = {}): Promise<Server> => {
  const webhooks = join(folder.path, 'webhooks.json');
  const secrets = [`whsec_${Buffer.alloc(24, 'a').toString('base64')}`];
  const occasions = ['service-level-warned', 'service-level-breached', 'on-call-page', 'escalated-to-you', 'assigned-to-you'];
  writeFileSync(webhooks, JSON.stringify({ ops: { url: receiver.url, secrets, occasions } }));
  const server = await start(folder.path, { ...engines(), FAULTLINE_ROLES: 'automation', FAULTLINE_WEBHOOKS: webhooks, ...extra });
  automata.add(server);
  return server;
};
const kill = async (server: Server) => {
  automata.delete(server);
  await server.kill();
};

beforeEach(async () => {
  folder = dataFolder();
  receiver = await Receiver.listen();
  site = await start(folder.path, { FAULTLINE_ROLES: 'api,projector' });
  log = eventStoreLog({ connectionString: engines().EVENTSTORE_URI, catalogue: siteCatalogue });
});
afterEach(async () => {
  await Promise.all([...automata].map(kill));
  await log.dispose();
  await site.kill();
  receiver.close();
  folder.remove();
});

const ask = async (method: string, path: string, body: object): Promise<Record<string, unknown>> => {
  const response = await fetch(`${site.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'faultline-actor': 'person:desk' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
};
const define = (path: string, definition: object) => ask('PUT', path, { definition });
const minutes = (amount: number) => ({ amount, unit: 'elapsed-minutes' });

/** Two clocks of a minute or two, each with warnings, and an escalation in three steps: ten things that time does to each incident. */
const defineSite = async () => {
  await define('/people/ann', { name: 'Ann', email: 'ann@example.org', language: 'en', timeZone: 'Europe/Berlin' });
  await define('/teams/desk', { name: 'Desk', tier: 1, members: ['ann'], lead: 'ann', assignment: 'pull' });
  await define('/teams/experts', { name: 'Experts', tier: 2, members: ['ann'], lead: 'ann', assignment: 'pull' });
  await define('/assignment-rules/site', { rules: [{ when: { channels: ['monitoring'] }, team: 'desk' }] });
  await define('/service-level-policies/standard', {
    name: 'Standard',
    kind: 'sla',
    rank: 1,
    warnAt: [50, 90],
    entries: [{ targets: { response: minutes(1), resolution: minutes(2) } }],
  });
  const targets = [{ kind: 'person', id: 'ann' }];
  await define('/escalation-policies/silence', {
    name: 'Nobody answers',
    rank: 1,
    triggers: ['not-acknowledged'],
    steps: [
      { wait: minutes(1), targets },
      { wait: minutes(1), targets: [{ kind: 'team', id: 'experts' }] },
      { wait: minutes(1), targets },
    ],
  });
};
/** What becomes of an incident that nobody touches, each of it once. */
const STORY = [
  'EscalationStarted',
  'EscalationStepTaken 1.1',
  'EscalationStepTaken 1.2',
  'EscalationStepTaken 1.3',
  'EscalationStopped',
  'IncidentAssigned desk',
  'IncidentAssigned experts',
  'IncidentEscalated',
  'IncidentReported',
  ...['resolution', 'response'].flatMap((target) => [`SlaBreached ${target}`]),
  ...['resolution', 'response'].flatMap((target) => [`SlaStarted ${target}`]),
  ...['resolution', 'response'].flatMap((target) => [`SlaWarned ${target} 50`, `SlaWarned ${target} 90`]),
];

/** Reports an incident that began a while ago, so that what a minute does to it happens within seconds. */
const report = async (agoMs: number): Promise<string> => {
  const occurredAt = new Date(Date.now() - agoMs).toISOString();
  return (await ask('POST', '/incidents', { title: 'Disk is full', channel: 'monitoring', occurredAt }))['incidentId'] as string;
};

const read = async <E extends Event>(prefix: string): Promise<Map<string, Recorded<E>[]>> => {
  const streams = new Map<string, Recorded<E>[]>();
  for await (const event of log.readAll<E>({ after: LOG_START, streamPrefixes: [prefix] })) {
    streams.set(event.streamName, [...(streams.get(event.streamName) ?? []), event]);
  }
  return streams;
};

const storyOf = (history: readonly Recorded<IncidentEvent>[]): string[] =>
  history
    .map(({ type, data }) => {
      const { target, share, round, step, team } = data as Record<string, string | number>;
      if (type.startsWith('Sla')) return [type, target, share].filter((word) => word !== undefined).join(' ');
      if (type === 'EscalationStepTaken') return `${type} ${round}.${step}`;
      return type === 'IncidentAssigned' ? `${type} ${team}` : type;
    })
    .sort();

/** Of each incident, messages are sent of two breaches, of four warnings, and of two pages at least. */
const TOLD_OF_EACH = 8;

const isOver = (history: readonly Recorded<NoticeEvent>[]) => history.some(({ type }) => ['NoticeSent', 'NoticeCombined'].includes(type));

/** Whether everything that is to become of so many incidents has, and everybody was told. */
const isAllDone = async (incidents: number): Promise<boolean> => {
  const histories = [...(await read<IncidentEvent>('incident-')).values()];
  if (histories.length < incidents || histories.some((history) => history.length < STORY.length)) return false;
  const notices = [...(await read<NoticeEvent>('notice-')).values()];
  return notices.length >= incidents * TOLD_OF_EACH && notices.every(isOver);
};

/** Every timer fired once and every step was taken once, at its instant; every message left at least once, and was recorded once. */
const expectEachOnce = async (incidents: readonly string[]) => {
  const histories = await read<IncidentEvent>('incident-');
  expect([...histories.keys()].sort()).toEqual(incidents.map((id) => `incident-${id}`).sort());
  for (const [stream, history] of histories) {
    expect([stream, ...storyOf(history)]).toEqual([stream, ...[...STORY].sort()]);
    for (const { type, data, occurredAt } of history) if (type === 'SlaBreached') expect(occurredAt).toBe(data.dueAt);
  }
  const notices = await read<NoticeEvent>('notice-');
  const told = new Set(receiver.told);
  let expected = 0;
  for (const [, events] of notices) {
    const [queued] = events;
    if (queued?.type !== 'NoticeQueued') throw new Error('A notice begins with being queued');
    expect(events.filter(({ type }) => type === 'NoticeQueued')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'NoticeSent')).toHaveLength(1);
    if (!('endpoint' in queued.data.recipient)) continue;
    expected++;
    expect(told).toContain(queued.data.noticeId);
  }
  expect(told.size).toBe(expected);
  expect(expected).toBeGreaterThanOrEqual(incidents.length * TOLD_OF_EACH);
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('two processes of automation', () => {
  it(
    'one of them killed at random moments, have every timer fire once, every step taken once, and every message sent and recorded once',
    async () => {
      await defineSite();
      const incidents: string[] = [];
      const pair = [await startAutomation(), await startAutomation()];
      for (let n = 0; n < KILLS; n++) {
        // due within the seconds in which one of them is killed
        for (let ago = 57_000; ago <= 60_000; ago += 500) incidents.push(await report(ago));
        await pause(Math.random() * 2_500);
        const victim = n % 2;
        await kill(pair[victim] as Server);
        pair[victim] = await startAutomation();
      }
      await Promise.all([...automata].map(kill));
      // whoever comes later finds what is due by then, and what the killed ones had begun to send
      await startAutomation(ahead(HOUR_MS));
      await until(() => isAllDone(incidents.length), 30_000 + KILLS * 2_000);
      await expectEachOnce(incidents);
    },
    PATIENCE_MS,
  );

  it(
    'stopped for an hour, leave no timer unfired and no rule unapplied',
    async () => {
      await defineSite();
      const before = await startAutomation();
      const incidents = [await report(0), await report(30_000)];
      await kill(before);
      incidents.push(await report(0), await report(10 * 60_000), await report(0));
      await startAutomation(ahead(HOUR_MS));
      await until(() => isAllDone(incidents.length), 30_000);
      await expectEachOnce(incidents);
    },
    PATIENCE_MS,
  );
});
