import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { dataFolder, start, until } from '../../support/program.js';
import { compare, inFlight, secondsOf, type Compared } from '../comparison.js';
import { IN_FLIGHT, rawLog } from '../raw-log.js';

type Health = Readonly<{ views: readonly Readonly<{ position: string }>[] }>;

const reportOf = (n: number) =>
  JSON.stringify({
    title: `Nobody on floor ${n % 12} can print`,
    description: 'The printer takes the job, says it is done, and nothing comes out.',
    reporter: `person-${n % 400}`,
    channel: 'portal',
    service: 'printing',
    impact: 'medium',
    urgency: 'high',
  });

/** Reports an incident; answers where in the log that ended. */
const reporting = (url: string, agent: Agent) => (body: string) =>
  new Promise<bigint>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'faultline-actor': 'person:bench' };
    const call = request(`${url}/api/v1/incidents`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        if (response.statusCode !== 201) reject(new Error(`${response.statusCode} ${text}`));
        else resolve(BigInt((JSON.parse(text) as { position: string }).position));
      });
    });
    call.on('error', reject);
    call.end(body);
  });

/** Both sides speak to the embedded event store of one running program; while they report, its projector brings the views up. */
export const httpReports = async ({ reports, rounds }: { reports: number; rounds: number }): Promise<Compared> => {
  const folder = dataFolder();
  const server = await start(folder.path);
  const { eventStoreUri } = (
    JSON.parse(readFileSync(join(folder.path, 'endpoints.json'), 'utf8')) as { endpoints: { eventStoreUri: string } }
  ).endpoints;
  const log = rawLog(eventStoreUri);
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const report = reporting(server.url, agent);
  const viewsAt = async (position: bigint) => {
    const { views } = (await (await fetch(`${server.url}/health`)).json()) as Health;
    return views.every((view) => BigInt(view.position) >= position);
  };

  try {
    const bodies = Array.from({ length: reports }, (_, n) => reportOf(n));
    const measured = async (n: number): Promise<[number, number]> => {
      const before = await report(reportOf(0));
      let positions: bigint[] = [];
      const ours = await secondsOf(async () => (positions = await inFlight(IN_FLIGHT, bodies, report)));
      const last = positions.reduce((most, position) => (position > most ? position : most));
      await until(() => viewsAt(last), 60_000);
      const streams = await log.incidentStreams(before);
      const raw = await secondsOf(() => log.append(streams, `raw-${n}`));
      return [reports / ours, streams.length / raw];
    };
    // a program that has just started compiles what it runs for the first time: neither side is measured then
    await measured(-1);
    return await compare({
      what: 'HTTP reports, 64 in flight',
      against: 'raw appends of the same events',
      unit: 'reports/s',
      goal: { atLeast: 0.5 },
      rounds,
      round: measured,
    });
  } finally {
    agent.destroy();
    await log.dispose();
    await server.stop();
    folder.remove();
  }
};
