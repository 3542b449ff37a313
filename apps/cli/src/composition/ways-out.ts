import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Settings } from '#config';
import { definitionId, InvalidInput, isRecord, lineOf, oneOf, readerOf, setOf, type FieldFault } from '#kernel';
import {
  consoleChannel,
  mailChannel,
  webhookChannel,
  webhookEndpoint,
  WEBHOOK_SECRET_LIMITS,
  type Channel,
  type WebhookEndpoint,
} from '#adapters/notification-channels';
import { OCCASION_NAMES, type NoticeChannel, type Occasion } from '#domain/notifications';

/** By which ways the notices of a site leave, and which webhooks are told of what. */
export type WaysOut = Readonly<{
  channels: ReadonlyMap<NoticeChannel, Channel>;
  subscriptions: ReadonlyMap<string, ReadonlySet<Occasion>>;
}>;

/** One webhook of the file that FAULTLINE_WEBHOOKS names, under its id. */
type Webhook = Readonly<{
  url: string;
  /** The newest first. */
  secrets: readonly string[];
  occasions: readonly Occasion[];
}>;

const MOST_URL = 2_000;

const readWebhook = readerOf<Webhook>({
  code: 'WEBHOOKS_INVALID',
  noun: 'webhook',
  fields: {
    url: lineOf(MOST_URL),
    secrets: setOf(lineOf(200), { min: 1, max: WEBHOOK_SECRET_LIMITS.secrets }),
    occasions: setOf(oneOf(OCCASION_NAMES), { max: OCCASION_NAMES.length }),
  },
  defaults: { occasions: [] },
});

const refuse = (path: string, faults: readonly FieldFault[]) =>
  new InvalidInput(
    'WEBHOOKS_INVALID',
    `FAULTLINE_WEBHOOKS, ${path}: ${faults.map(({ field, message }) => `${field} ${message}`).join('; ')}`,
    faults,
  );

const textOf = (path: string, variable: string, code: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidInput(code, `${variable}: ${path} cannot be read: ${(error as Error).message}`);
  }
};

/** @throws InvalidInput WEBHOOKS_INVALID, with every fault; it repeats no URL and no secret */
const webhooksIn = (path: string): ReadonlyMap<string, Webhook & Readonly<{ endpoint: WebhookEndpoint }>> => {
  const given: unknown = parse(textOf(path, 'FAULTLINE_WEBHOOKS', 'WEBHOOKS_INVALID'));
  if (!isRecord(given)) throw refuse(path, [{ field: 'the file', message: 'has a webhook under each id' }]);
  const faults: FieldFault[] = [];
  const webhooks = Object.entries(given).flatMap(([id, value]) => {
    faults.push(...definitionId(id, id));
    try {
      const webhook = readWebhook(value);
      const [secret, ...former] = webhook.secrets as [string, ...string[]];
      return [[id, { ...webhook, endpoint: webhookEndpoint(webhook.url, secret, ...former) }] as const];
    } catch (error) {
      const of = error instanceof InvalidInput ? error.faults : [{ field: '', message: (error as Error).message }];
      faults.push(...of.map(({ field, message }) => ({ field: field === '' ? id : `${id}.${field}`, message })));
      return [];
    }
  });
  if (faults.length > 0) throw refuse(path, faults);
  return new Map(webhooks);
};

/**
 * The ways out that the settings describe. There is always the console; what is written there is the notice itself.
 * @throws InvalidInput WEBHOOKS_INVALID, MAIL_SETTINGS_INVALID
 */
export const waysOut = (settings: Settings, write: (text: string) => void): WaysOut => {
  const { smtpUri, mailFrom, mailCaPath, webhooksPath } = settings;
  const channels = new Map<NoticeChannel, Channel>([['console', consoleChannel(write)]]);
  if (smtpUri !== undefined) {
    const ca = mailCaPath === undefined ? undefined : textOf(mailCaPath, 'FAULTLINE_MAIL_CA', 'MAIL_SETTINGS_INVALID');
    try {
      channels.set('email', mailChannel({ uri: smtpUri, from: mailFrom, ...(ca !== undefined && { ca }) }));
    } catch (error) {
      throw new InvalidInput('MAIL_SETTINGS_INVALID', `FAULTLINE_SMTP_URI, FAULTLINE_MAIL_FROM: ${(error as Error).message}`);
    }
  }
  if (webhooksPath === undefined) return { channels, subscriptions: new Map() };
  const webhooks = webhooksIn(webhooksPath);
  channels.set('webhook', webhookChannel({ endpointOf: (id) => webhooks.get(id)?.endpoint }));
  return { channels, subscriptions: new Map([...webhooks].map(([id, { occasions }]) => [id, new Set(occasions)])) };
};
