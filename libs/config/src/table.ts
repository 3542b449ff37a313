import {
  currencyCode,
  databaseName,
  lineOfText,
  mailSender,
  oneOf,
  secretText,
  someOf,
  timeZone,
  uri,
  webUrl,
  wholeNumber,
  type Format,
} from './format.js';

/** The parts of the program that one process can run. */
export const ROLES = ['api', 'projector', 'automation'] as const;
export type Role = (typeof ROLES)[number];

/** What a new site begins with. */
const SEEDS = ['default', 'none'] as const;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** One environment variable. `unset` is its text where the environment has none; absent: it has no value then, and `whenUnset` says what follows. */
export type Setting<T, Unset extends string | undefined = string | undefined> = Readonly<{
  variable: string;
  format: Format<T>;
  unset: Unset;
  whenUnset?: string;
  about: string;
  /** May hold a password: its value is never shown. */
  secret?: true;
}>;

type Rest = Pick<Setting<unknown>, 'about'> & Partial<Pick<Setting<unknown>, 'whenUnset' | 'secret'>>;

const setting = <T>(variable: string, format: Format<T>, unset: string, about: string): Setting<T, string> => ({
  variable,
  format,
  unset,
  about,
});
const optional = <T>(variable: string, format: Format<T>, rest: Rest): Setting<T, undefined> => ({
  variable,
  format,
  unset: undefined,
  ...rest,
});

/** Every setting of the program, in the order a reader meets them. docs/settings.md is written from it. */
export const SETTINGS = {
  host: setting('FAULTLINE_HOST', lineOfText('the name or address of a network interface'), '127.0.0.1', 'Where the HTTP API listens.'),
  port: setting('FAULTLINE_PORT', wholeNumber(0, 65_535), '3000', 'The port of the HTTP API; 0 takes any free one.'),
  dataFolder: setting(
    'FAULTLINE_DATA',
    lineOfText('the path of a folder'),
    './data',
    'Where the embedded engines keep their data and credentials.',
  ),
  eventStoreUri: optional('EVENTSTORE_URI', uri(['esdb', 'esdb+discover']), {
    whenUnset: 'the embedded event store',
    about: 'The EventStoreDB or KurrentDB that holds the log, as its connection string.',
    secret: true,
  }),
  mongoUri: optional('MONGODB_URI', uri(['mongodb', 'mongodb+srv']), {
    whenUnset: 'the embedded document store',
    about: 'The MongoDB that holds the views, as its connection string.',
    secret: true,
  }),
  database: setting('FAULTLINE_DATABASE', databaseName, 'faultline', 'The MongoDB database of the views.'),
  roles: setting('FAULTLINE_ROLES', someOf(ROLES), 'api,projector,automation', 'What `start` runs in this process.'),
  seed: setting(
    'FAULTLINE_SEED',
    oneOf(SEEDS),
    'default',
    'What a site that has nothing yet begins with, at its first `start`: docs/new-site.md says what `default` is.',
  ),
  timeZone: setting('FAULTLINE_TIME_ZONE', timeZone, 'UTC', 'The time zone of the office hours that a new site begins with.'),
  logLevel: setting('FAULTLINE_LOG_LEVEL', oneOf(LOG_LEVELS), 'info', 'The least severe message that is logged.'),
  actorHeaders: optional('FAULTLINE_ACTOR_HEADERS', oneOf(['on', 'off']), {
    whenUnset: '`on` where FAULTLINE_HOST is a loopback address, else `off`',
    about: 'Whether the API believes the headers by which a caller names itself. Anyone who reaches the port can send them.',
  }),
  publicUrl: optional('FAULTLINE_PUBLIC_URL', webUrl, {
    whenUnset: 'the address that the API of this process listens at',
    about: 'Where people reach the API: links in notices begin with it.',
  }),
  incidentUrl: optional('FAULTLINE_INCIDENT_URL', webUrl, {
    whenUnset: 'notices have no link to the incident',
    about: 'The page on which a person sees an incident; `{incidentId}` in it stands for the number.',
  }),
  linkSecret: optional('FAULTLINE_LINK_SECRET', secretText(32), {
    whenUnset: 'one that is kept in the data folder; on real engines, reporters get no links',
    about: 'What one-time links for reporters are signed with. The same for every process of a site.',
    secret: true,
  }),
  smtpUri: optional('FAULTLINE_SMTP_URI', uri(['smtp', 'smtps']), {
    whenUnset: 'mail goes to the console',
    about:
      'The mail server that notices leave by, as `smtps://USER:PASSWORD@HOST:PORT`. `smtp:` must offer STARTTLS, save on this machine.',
    secret: true,
  }),
  mailFrom: setting('FAULTLINE_MAIL_FROM', mailSender, 'Service desk <faultline@localhost>', 'Whom mail is from.'),
  mailCaPath: optional('FAULTLINE_MAIL_CA', lineOfText('the path of a PEM file'), {
    whenUnset: 'the certificates that Node.js trusts',
    about: 'Certificates to trust beside those, for the mail server.',
  }),
  webhooksPath: optional('FAULTLINE_WEBHOOKS', lineOfText('the path of a YAML or JSON file'), {
    whenUnset: 'there are no webhooks',
    about: 'Webhooks that notices leave by, with their secrets: docs/notices.md says how it looks.',
  }),
  currency: setting('FAULTLINE_CURRENCY', currencyCode, 'EUR', 'The currency of costs.'),
  bodyLimitBytes: setting('FAULTLINE_BODY_LIMIT_BYTES', wholeNumber(1_024, 16_777_216), '262144', 'The largest request body that is read.'),
  pageSizeLimit: setting('FAULTLINE_PAGE_SIZE_LIMIT', wholeNumber(1, 1_000), '200', 'The most items that one page of an answer holds.'),
  afterWaitLimitMs: setting(
    'FAULTLINE_AFTER_WAIT_LIMIT_MS',
    wholeNumber(0, 60_000),
    '10000',
    'How long a query with `?after=POSITION` waits for its view before it answers 503.',
  ),
  projectorBatchEvents: setting(
    'FAULTLINE_PROJECTOR_BATCH_EVENTS',
    wholeNumber(1, 10_000),
    '500',
    'The most events that a view takes in one batch of writes.',
  ),
  importInFlight: setting('FAULTLINE_IMPORT_IN_FLIGHT', wholeNumber(1, 1_024), '128', 'How many incidents an import writes at once.'),
  shutdownLimitMs: setting(
    'FAULTLINE_SHUTDOWN_LIMIT_MS',
    wholeNumber(100, 300_000),
    '10000',
    'How long the program may take to end in good order; then it ends anyway.',
  ),
  embeddedEventStorePort: setting(
    'FAULTLINE_EMBEDDED_EVENTSTORE_PORT',
    wholeNumber(0, 65_535),
    '0',
    'The loopback port of the embedded event store; 0 takes any free one.',
  ),
  embeddedMongoPort: setting(
    'FAULTLINE_EMBEDDED_MONGODB_PORT',
    wholeNumber(0, 65_535),
    '0',
    'The loopback port of the embedded document store; 0 takes any free one.',
  ),
} as const;

export type SettingName = keyof typeof SETTINGS;

export const settingEntries = Object.entries(SETTINGS) as readonly (readonly [SettingName, Setting<unknown>])[];
