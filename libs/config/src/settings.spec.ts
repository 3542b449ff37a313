import { describe, expect, it } from '@jest/globals';
import { assertPage } from '#testing';
import { InvalidSettings, readSettings, settingsPage, shownSettings, type Environment } from './index.js';

const faultsOf = (environment: Environment): Record<string, string> => {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof InvalidSettings) return Object.fromEntries(error.faults.map(({ field, message }) => [field, message]));
    throw error;
  }
  return {};
};

describe('readSettings', () => {
  it('gives everything a value that can have one', () => {
    expect(readSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      dataFolder: './data',
      database: 'faultline',
      roles: ['api', 'projector', 'automation'],
      logLevel: 'info',
      actorHeaders: true,
      currency: 'EUR',
      seed: 'default',
      timeZone: 'UTC',
    });
    expect(readSettings({}).eventStoreUri).toBeUndefined();
  });

  it('takes what the environment says, and an empty variable as none', () => {
    const settings = readSettings({
      FAULTLINE_PORT: '8080',
      FAULTLINE_ROLES: 'projector',
      MONGODB_URI: 'mongodb://db:27017',
      EVENTSTORE_URI: '',
    });
    expect(settings).toMatchObject({ port: 8080, roles: ['projector'], mongoUri: 'mongodb://db:27017' });
    expect(settings.eventStoreUri).toBeUndefined();
  });

  it.each([
    ['127.0.0.1', undefined, true],
    ['localhost', undefined, true],
    ['::1', undefined, true],
    ['0.0.0.0', undefined, false],
    ['127.0.0.1.example.org', undefined, false],
    ['0.0.0.0', 'on', true],
    ['127.0.0.1', 'off', false],
  ])('on host %s, actor headers set to %s: believes them %s', (host, headers, believed) => {
    expect(readSettings({ FAULTLINE_HOST: host, FAULTLINE_ACTOR_HEADERS: headers }).actorHeaders).toBe(believed);
  });

  it('lists every fault at once, with what would be right', () => {
    expect(
      faultsOf({
        FAULTLINE_PORT: '70000',
        FAULTLINE_ROLES: 'api,web',
        FAULTLINE_CURRENCY: 'EURO',
        FAULTLINE_LOG_LEVEL: 'loud',
        FAULTLINE_PROT: '1',
        FAULTLINE_SOMETHING_ELSE_ALTOGETHER: '1',
        FAULTLINE_PUBLIC_URL: 'ftp://desk.example.org',
        FAULTLINE_MAIL_FROM: 'desk@example.org',
        FAULTLINE_LINK_SECRET: 'short',
        FAULTLINE_SEED: 'demo',
        FAULTLINE_TIME_ZONE: 'Brussels',
        PATH: '/bin',
      }),
    ).toEqual({
      FAULTLINE_PORT: 'is "70000": not a whole number from 0 to 65535',
      FAULTLINE_ROLES: 'is "api,web": not one or more of api, projector, automation, with commas between',
      FAULTLINE_CURRENCY: 'is "EURO": not a currency code of ISO 4217, as EUR',
      FAULTLINE_LOG_LEVEL: 'is "loud": not one of fatal, error, warn, info, debug, trace, silent',
      FAULTLINE_PUBLIC_URL: 'is "ftp://desk.example.org": not a URL that starts with http:// or https://, without a user',
      FAULTLINE_MAIL_FROM: 'is "desk@example.org": not a name and an address, as Service desk <desk@example.org>',
      FAULTLINE_SEED: 'is "demo": not one of default, none',
      FAULTLINE_TIME_ZONE: 'is "Brussels": not an IANA time zone, as Europe/Brussels',
      FAULTLINE_LINK_SECRET: 'is not a secret of 32 bytes or more',
      FAULTLINE_PROT: 'is no setting: did you mean FAULTLINE_PORT?',
      FAULTLINE_SOMETHING_ELSE_ALTOGETHER: 'is no setting; docs/settings.md lists them all',
    });
  });

  it('shows no secret, neither in a fault nor in the list', () => {
    const secret = 'hunter2';
    expect(JSON.stringify(faultsOf({ MONGODB_URI: `http://me:${secret}@db` }))).not.toContain(secret);
    const shown = JSON.stringify(
      shownSettings(readSettings({ MONGODB_URI: `mongodb://me:${secret}@db`, EVENTSTORE_URI: `esdb://me:${secret}@es` })),
    );
    expect(shown).not.toContain(secret);
    expect(shown).toContain('"variable":"MONGODB_URI","value":"set (not shown)"');
  });
});

it('the table of settings is documented as it is', () => assertPage('settings.md', settingsPage()));
