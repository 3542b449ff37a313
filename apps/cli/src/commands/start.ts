import { setTimeout as delay } from 'node:timers/promises';
import { pino, destination, type Logger } from 'pino';
import { InvalidInput, isLoopback, LOG_START, Unavailable } from '#kernel';
import { ROLES, type Role, type Settings } from '#config';
import type { OnInterruption } from '#adapters/event-store';
import { projections } from '#projections';
import { setUpSite, type SiteDefinitions, type SiteSetup } from '#domain/definitions';
import { handlebarsTemplates } from '#adapters/templates';
import { createApi, Metrics, type ApiOptions, type ViewHealth } from '../../../api/src/index.js';
import { automationHealth, AutomationModule, automationMetrics } from '../../../automation/src/index.js';
import { ProjectorModule, projectorMetrics, type ViewStatus } from '../../../projector/src/index.js';
import { openDefinitions } from '../composition/definitions.js';
import { linksOf } from '../composition/links.js';
import { openSite, type Site } from '../composition/site.js';
import { waysOut } from '../composition/ways-out.js';
import { AutomationThread } from '../threads/automation-thread.js';
import { ProjectorThread } from '../threads/projector-thread.js';
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

const apiOptions = (site: Site, definitions: SiteDefinitions, projector: ProjectorThread | undefined): ApiOptions => {
  const { settings, log, models, readers } = site;
  const links = linksOf(site);
  const { actorHeaders, bodyLimitBytes, pageSizeLimit, afterWaitLimitMs, currency } = settings;
  return {
    log,
    models,
    readers,
    settings: { actorHeaders, bodyLimitBytes, pageSizeLimit, afterWaitLimitMs, currency },
    site: definitions,
    templates: handlebarsTemplates,
    ...(links && { links }),
    views: async () => (projector ? (await projector.status()).map(healthOf) : healthElsewhere(site)),
    automation: () => automationHealth({ consumers: log, readers }, Date.now()),
  };
};

/**
 * Gives a new site what it begins with. Where the log cannot be reached, the next start does: nobody is kept waiting for it.
 * @returns what was written now
 */
const setUp = async ({ log, settings }: Site, logger: Logger): Promise<SiteSetup | undefined> => {
  if (settings.seed === 'none') return undefined;
  try {
    return await setUpSite(log, { timeZone: settings.timeZone, now: new Date().toISOString() });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    logger.warn(
      `Whether this is a new site cannot be seen yet: ${error.message}. The next start looks again, for as long as nothing is recorded`,
    );
    return undefined;
  }
};

/** What a site was given: what holds at once, and what acts by itself and so holds once the grace is over. */
const setUpInWords = ({ defaults }: SiteSetup): [string, string][] =>
  [false, true].map((acts) => [
    acts ? 'In a week' : 'Set up',
    defaults
      .filter((one) => one.acts === acts)
      .map(({ kind, id }) => `${kind.path}/${id}`)
      .join(', '),
  ]);

const described = (site: Site, engine: Site['engines']['embedded'][number], endpoint: string): string =>
  site.engines.embedded.includes(engine) ? `embedded ${engine} in ${site.settings.dataFolder}` : `${endpoint}`;

const greeting = (version: string, url: string, roles: readonly Role[], site: Site, setup: SiteSetup | undefined): string =>
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
        ...(setup ? setUpInWords(setup) : []),
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

/** How long a start waits for the views, in milliseconds. Where their engine is away, it does not wait for that: health says so. */
const VIEWS_WITHIN_MS = 3_000;

type Listening = Readonly<{ listen(port: number, host: string): Promise<unknown> }>;

/**
 * Listens where the settings say.
 * @throws Unavailable PORT_UNUSABLE
 */
const listenAt = async (app: Listening, { port, host }: Settings): Promise<void> => {
  try {
    await app.listen(port, host);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'another program listens there' : message;
    const hint = 'Set FAULTLINE_HOST and FAULTLINE_PORT to where it can; port 0 takes any that is free';
    throw new Unavailable('PORT_UNUSABLE', `The API cannot listen at port ${port} of ${host}: ${reason}. ${hint}`);
  }
};

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
  // what is wrong with them is said before anything runs; the thread that uses them makes its own
  if (roles.includes('automation')) waysOut(settings, () => undefined);
  const onInterruption: OnInterruption = ({ message }, resumeInMs) =>
    logger.warn(`${message}; trying again in ${Math.round(resumeInMs)} ms`);
  const site = await openSite(settings, {
    command: 'start',
    roles,
    patienceMs: settings.shutdownLimitMs,
    onWait: ({ command, pid }) => logger.info(`Waiting for faultline ${command} (process ${pid}) to be done with ${settings.dataFolder}`),
    onInterruption,
  });
  const ended = toldToEnd();
  // they load their code while this thread loads its own
  const projector = roles.includes('projector') ? new ProjectorThread(site, onInterruption) : undefined;
  const automation = roles.includes('automation') ? new AutomationThread(site, onInterruption) : undefined;
  let app: Awaited<ReturnType<typeof createApi>> | undefined;
  /** What runs on the engines ends before them. */
  const end = async () => {
    await app?.close();
    await Promise.all([projector?.stop(), automation?.stop()]);
    await site.close();
  };
  try {
    const setup = await setUp(site, logger);
    const definitions = await openDefinitions(site);
    app = await createApi({
      options: apiOptions(site, definitions, projector),
      parts: { incidents: roles.includes('api'), pages: true },
      logger,
      roles: [...(projector ? [ProjectorModule.register(projector)] : []), ...(automation ? [AutomationModule.register(automation)] : [])],
    });
    projector?.observe(projectorMetrics(app.get(Metrics).registry));
    automation?.observe(automationMetrics(app.get(Metrics).registry));
    await listenAt(app, settings);

    await Promise.race([projector?.ready(), delay(VIEWS_WITHIN_MS, undefined, { ref: false })]);

    const { port } = app.getHttpServer().address() as { port: number };
    const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
    const publicUrl = settings.publicUrl ?? (roles.includes('api') ? url : undefined);
    automation?.begin({ ...(publicUrl !== undefined && { publicUrl }) });
    if (settings.actorHeaders && !isLoopback(settings.host)) {
      logger.warn('Callers are believed when they name themselves by headers, and not only from this machine: see FAULTLINE_ACTOR_HEADERS');
    }
    const isSetUp = setup?.defaults.map(({ kind, id }) => `${kind.path}/${id}`) ?? [];
    terminal.answer({ url, roles, version, setUp: isSetUp }, () => greeting(version, url, roles, site, setup));

    logger.info(`${await ended}: ending`);
    await limited(settings.shutdownLimitMs, end, () =>
      logger.error(`Not ended within ${settings.shutdownLimitMs} ms: what is begun is finished at the next start`),
    );
    return 'done';
  } catch (error) {
    await end();
    throw error;
  }
};
