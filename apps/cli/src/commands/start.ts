import { readFile } from 'node:fs/promises';
import { pino, destination } from 'pino';
import { parse } from 'yaml';
import { InvalidInput, isLoopback, LOG_START } from '#kernel';
import { ROLES, type Role, type Settings } from '#config';
import { DEFAULT_PRIORITY_MATRIX, parsePriorityMatrix, type PriorityMatrix } from '#incident';
import { projections } from '#projections';
import { handlebarsTemplates } from '#templates';
import { createApi, Metrics, type ApiOptions, type ViewHealth } from '../../../api/src/index.js';
import { ProjectorModule, projectorMetrics, type Projector, type ViewStatus } from '../../../projector/src/index.js';
import { projectorOf } from '../composition/catch-up.js';
import { openSite, type Site } from '../composition/site.js';
import { labelled } from '../terminal/table.js';
import type { Outcome, Surroundings } from './command.js';

export type StartCommand = Readonly<{ roles?: string }>;

/** @throws InvalidInput ROLES_UNKNOWN */
const rolesOf = (text: string | undefined, unset: readonly Role[]): readonly Role[] => {
  if (text === undefined) return unset;
  const named = text.split(',').map((role) => role.trim());
  const stranger = named.find((role) => !ROLES.includes(role as Role));
  if (stranger === undefined) return ROLES.filter((role) => named.includes(role));
  throw new InvalidInput('ROLES_UNKNOWN', `--roles takes one or more of ${ROLES.join(', ')}, with commas between; not "${stranger}"`);
};

/** @throws InvalidInput PRIORITY_MATRIX_INVALID, with every fault */
const matrixOf = async ({ priorityMatrixPath: path }: Settings): Promise<PriorityMatrix> => {
  if (path === undefined) return DEFAULT_PRIORITY_MATRIX;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new InvalidInput('PRIORITY_MATRIX_INVALID', `FAULTLINE_PRIORITY_MATRIX: ${path} cannot be read: ${(error as Error).message}`);
  }
  return parsePriorityMatrix(parse(text));
};

const healthOf = ({ view, state, position, isCaughtUp, lag, halt }: ViewStatus): ViewHealth => ({
  view,
  state,
  position,
  isCaughtUp,
  lagEvents: lag.events,
  lagSeconds: lag.seconds,
  ...(halt && { halted: halt.error }),
});

/** Where no projector runs in this process, the checkpoints tell how far the views are. */
const healthElsewhere = ({ readers }: Site): Promise<ViewHealth[]> =>
  Promise.all(
    projections.map(async (projection) => {
      const reader = readers.of(projection as never);
      return { view: reader.id, state: 'elsewhere', position: (await reader.position()) ?? LOG_START };
    }),
  );

const apiOptions = async (site: Site, projector: Projector | undefined): Promise<ApiOptions> => {
  const { settings, log, models, readers } = site;
  const { actorHeaders, bodyLimitBytes, pageSizeLimit, afterWaitLimitMs, currency } = settings;
  return {
    log,
    models,
    readers,
    settings: { actorHeaders, bodyLimitBytes, pageSizeLimit, afterWaitLimitMs, currency, matrix: await matrixOf(settings) },
    templates: handlebarsTemplates,
    views: () => (projector ? Promise.resolve(projector.status().map(healthOf)) : healthElsewhere(site)),
  };
};

const described = (site: Site, engine: Site['engines']['embedded'][number], endpoint: string): string =>
  site.engines.embedded.includes(engine) ? `embedded ${engine} in ${site.settings.dataFolder}` : `${endpoint}`;

const greeting = (version: string, url: string, roles: readonly Role[], site: Site): string =>
  [
    `Faultline ${version} is ready.`,
    '',
    labelled(
      [
        ...(roles.includes('api')
          ? ([
              ['API', `${url}/api/v1`],
              ['Reference', `${url}/docs`],
            ] as const)
          : []),
        ['Health', `${url}/health`],
        ['Metrics', `${url}/metrics`],
        ['Roles', roles.join(', ')],
        ['Log', described(site, 'event store', 'EVENTSTORE_URI')],
        ['Views', described(site, 'document store', site.models.endpoint)],
      ],
      '  ',
    ),
    '',
    'Ctrl-C ends it in good order.',
  ].join('\n');

/** Resolves with the first signal that tells the program to end. */
const toldToEnd = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });

/** Ends the process where ending in good order takes too long: whatever it leaves begun is finished at the next start. */
const limited = async (limitMs: number, end: () => Promise<void>, onLate: () => void): Promise<void> => {
  const timer = setTimeout(() => {
    onLate();
    process.exit(1);
  }, limitMs);
  await end();
  clearTimeout(timer);
};

/** `faultline start`: runs the roles until it is told to end. */
export const runStart = async (asked: StartCommand, { settings, terminal, version }: Surroundings): Promise<Outcome> => {
  const roles = rolesOf(asked.roles, settings.roles);
  const logger = pino(
    { level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ fd: 2, sync: true }),
  );
  const site = await openSite(settings, {
    command: 'start',
    roles,
    patienceMs: settings.shutdownLimitMs,
    onWait: ({ command, pid }) => logger.info(`Waiting for faultline ${command} (process ${pid}) to be done with ${settings.dataFolder}`),
    onInterruption: ({ message }, resumeInMs) => logger.warn(`${message}; trying again in ${Math.round(resumeInMs)} ms`),
  });
  const ended = toldToEnd();
  try {
    const projector = roles.includes('projector') ? projectorOf(site) : undefined;
    const app = await createApi({
      options: await apiOptions(site, projector),
      parts: { incidents: roles.includes('api'), pages: true },
      logger,
      roles: projector ? [ProjectorModule.register(projector)] : [],
    });
    projector?.observe(projectorMetrics(app.get(Metrics).registry));
    await app.listen(settings.port, settings.host);

    const { port } = app.getHttpServer().address() as { port: number };
    const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
    if (settings.actorHeaders && !isLoopback(settings.host)) {
      logger.warn('Callers are believed when they name themselves by headers, and not only from this machine: see FAULTLINE_ACTOR_HEADERS');
    }
    terminal.answer({ url, roles, version }, () => greeting(version, url, roles, site));

    logger.info(`${await ended}: ending`);
    await limited(
      settings.shutdownLimitMs,
      async () => {
        await app.close();
        await site.close();
      },
      () => logger.error(`Not ended within ${settings.shutdownLimitMs} ms: what is begun is finished at the next start`),
    );
    return 'done';
  } catch (error) {
    await site.close();
    throw error;
  }
};
