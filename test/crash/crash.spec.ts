import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projections } from '#projections';
import { command, dataFolder, json, start, type Server } from '../support/program.js';
import { writeServiceNowLog } from '../support/service-now-log.js';

/** `FAULTLINE_CRASH_KILLS=50 npm test -- test/crash` kills as often as a release asks for; npm test itself a few times. */
const KILLS = Number(process.env.FAULTLINE_CRASH_KILLS ?? 3);
const VIEWS = projections.map(({ name }) => name);
const PATIENCE_MS = 60_000 + KILLS * 20_000;

let folder: ReturnType<typeof dataFolder>;
beforeEach(() => {
  folder = dataFolder();
});
afterEach(() => folder.remove());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const everyViewEqualsARebuild = async () => {
  for (const view of VIEWS) expect(await json(folder.path, ['rebuild', view, '--check'])).toMatchObject({ isSame: true });
};

describe('kill -9 in the middle of an import', () => {
  type Imported = { events: number; added: number; alreadyThere: number; faulty: { count: number }; eventsByType: Record<string, number> };

  it(
    'loses nothing, repeats nothing, and leaves every view equal to a rebuild',
    async () => {
      const file = join(folder.path, 'log.csv');
      await writeServiceNowLog(file, 400 + KILLS * 100);
      const args = ['import', file, '--mapping', 'servicenow'];

      for (let kill = 0; kill < KILLS; kill++) {
        const importing = command(folder.path, [...args, '--json']);
        await Promise.race([pause(600 + Math.random() * 1500), importing.finished]);
        importing.kill();
        await importing.finished;
      }

      const last = await json<Imported>(folder.path, args);
      expect(last.added + last.alreadyThere).toBe(last.events);
      const again = await json<Imported>(folder.path, args);
      expect(again).toMatchObject({ added: 0, alreadyThere: last.events, eventsByType: last.eventsByType });

      const kpis = await json<{ kpis: Record<string, { value: { count: number } }> }>(folder.path, ['kpis']);
      expect(kpis.kpis['volume@1']?.value.count).toBe(last.eventsByType.IncidentReported);
      await everyViewEqualsARebuild();
    },
    PATIENCE_MS,
  );
});

describe('kill -9 under a mixed load', () => {
  type Acknowledged = { incidentId: string; key: string; revision: number; position: string };
  type Recorded = { revision: number; position: string; metadata: { commandId: string } };

  const STEPS: readonly (readonly [path: string, body: object])[] = [
    ['acknowledgements', {}],
    ['assignments', { team: 'Network', agent: 'ada' }],
    ['notes', { visibility: 'internal', text: 'Looking into it' }],
    ['holds', { reason: 'vendor' }],
    ['resumptions', { cause: 'answered' }],
    ['resolutions', { code: 'solved', fix: 'fix', notes: 'Replaced the switch' }],
    ['closures', { code: 'solved' }],
  ];

  /** Sends one command; `undefined` where the program died before it answered. */
  const send = async (url: string, path: string, body: object, key: string): Promise<Acknowledged | undefined> => {
    try {
      const response = await fetch(`${url}/api/v1/incidents${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'faultline-actor': 'person:ada', 'idempotency-key': key },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return { ...((await response.json()) as Acknowledged), key };
    } catch (error) {
      // fetch's own error, of another realm than this test's
      if ((error as Error).name === 'TypeError') return undefined;
      throw error;
    }
  };

  /** Works incidents from report to close, one after another, until the program dies. Resends what was not answered first. */
  const work = async (
    server: Server,
    name: string,
    acknowledged: Acknowledged[],
    unanswered: { path: string; body: object; key: string }[],
  ) => {
    for (const { path, body, key } of unanswered.splice(0)) {
      const answer = await send(server.url, path, body, key);
      if (answer) acknowledged.push(answer);
      else unanswered.push({ path, body, key });
    }
    for (let n = 0; ; n++) {
      const report = { path: '', body: { title: `Switch ${n} is down`, reporter: 'bob', channel: 'phone' }, key: `${name}-${n}` };
      let answer = await send(server.url, report.path, report.body, report.key);
      if (!answer) return void unanswered.push(report);
      acknowledged.push(answer);
      const { incidentId } = answer;
      for (const [resource, body] of STEPS) {
        const step = { path: `/${incidentId}/${resource}`, body, key: `${name}-${n}-${resource}` };
        answer = await send(server.url, step.path, step.body, step.key);
        if (!answer) return void unanswered.push(step);
        acknowledged.push(answer);
      }
    }
  };

  const groupedByIncident = (answers: readonly Acknowledged[]): Map<string, Acknowledged[]> => {
    const groups = new Map<string, Acknowledged[]>();
    for (const answer of answers) groups.set(answer.incidentId, [...(groups.get(answer.incidentId) ?? []), answer]);
    return groups;
  };

  const historyOf = async (url: string, incidentId: string): Promise<Recorded[]> => {
    const response = await fetch(`${url}/api/v1/incidents/${incidentId}/history`, { headers: { accept: 'application/x-ndjson' } });
    return (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Recorded);
  };

  it(
    'keeps every acknowledged event once, answers a resent command as the first time, and leaves every view equal to a rebuild',
    async () => {
      const acknowledged: Acknowledged[] = [];
      const unanswered: { path: string; body: object; key: string }[] = [];

      for (let kill = 0; kill < KILLS; kill++) {
        const server = await start(folder.path);
        const workers = Promise.all([0, 1, 2, 3].map((worker) => work(server, `k${kill}-w${worker}`, acknowledged, unanswered)));
        await pause(300 + Math.random() * 1200);
        await server.kill();
        await workers;
      }

      const server = await start(folder.path);
      const resent = await Promise.all(unanswered.map(({ path, body, key }) => send(server.url, path, body, key)));
      acknowledged.push(...resent.filter((answer) => answer !== undefined));
      expect(acknowledged.length).toBeGreaterThan(KILLS);

      const byIncident = groupedByIncident(acknowledged);
      for (const [incidentId, answers] of byIncident) {
        const history = await historyOf(server.url, incidentId);
        expect(history.map(({ revision }) => Number(revision))).toEqual(history.map((_, n) => n));
        for (const { revision, position } of answers) expect(history[Number(revision)]?.position).toBe(position);
        // no command wrote twice: as many commands as were acknowledged for this incident
        expect(new Set(history.map(({ metadata }) => metadata.commandId)).size).toBe(answers.length);
      }
      await server.stop();
      await everyViewEqualsARebuild();
    },
    PATIENCE_MS,
  );
});
