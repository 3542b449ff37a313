import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '#kernel';
import { assertUnused, OneTimeLinks, type OneTimeLink, type Resolution } from './one-time-link.js';

const secret = (letter: string) => Buffer.alloc(32, letter);
const links = new OneTimeLinks(secret('a'));
const NOW = '2026-01-05T11:00:00.000Z';
const confirm: OneTimeLink = {
  incidentId: 'INC0000123',
  resolutionRevision: 17,
  action: 'confirm',
  expiresAt: '2026-01-12T11:00:00.000Z',
};

const errorOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};
const refusalOf = (act: () => unknown): string | undefined => (errorOf(act) as Refusal | undefined)?.code;

/** A token of these claims, made by hand. */
const signed = (text: string): string => {
  const claims = Buffer.from(text).toString('base64url');
  return `${claims}.${createHmac('sha256', secret('a')).update(`faultline one-time link 1\n${claims}`).digest('base64url')}`;
};

describe('the token of a link', () => {
  it('is HMAC-SHA256 over what it says', () => {
    expect(links.tokenOf(confirm)).toBe(signed('["INC0000123",17,"confirm",1768215600]'));
  });

  it('says what the link allows', () => {
    expect(links.read(links.tokenOf(confirm), NOW)).toEqual(confirm);
  });

  it('is the same whenever it is made, and another one for another link', () => {
    const others: OneTimeLink[] = [
      { ...confirm, action: 'reject' },
      { ...confirm, resolutionRevision: 18 },
      { ...confirm, incidentId: 'INC0000124' },
      { ...confirm, expiresAt: '2026-01-12T11:00:01.000Z' },
    ];
    expect(links.tokenOf(confirm)).toBe(links.tokenOf({ ...confirm }));
    expect(new Set([confirm, ...others].map((link) => links.tokenOf(link))).size).toBe(5);
  });

  it('goes into a URL as it is', () => {
    expect(links.tokenOf(confirm)).toMatch(/^[A-Za-z0-9_.-]{1,512}$/);
  });

  it('works until the instant it expires', () => {
    const token = links.tokenOf(confirm);
    expect(refusalOf(() => links.read(token, '2026-01-12T10:59:59.999Z'))).toBeUndefined();
    expect(refusalOf(() => links.read(token, '2026-01-12T11:00:00.000Z'))).toBe('LINK_EXPIRED');
  });

  it('is worth nothing once a single character is another one', () => {
    const token = links.tokenOf(confirm);
    for (let n = 0; n < token.length; n++) {
      const changed = `${token.slice(0, n)}${token[n] === 'A' ? 'B' : 'A'}${token.slice(n + 1)}`;
      expect(refusalOf(() => links.read(changed, NOW))).toBe('LINK_INVALID');
    }
  });

  it.each([
    ['nothing', ''],
    ['half of it', links.tokenOf(confirm).slice(0, 40)],
    ['no signature', `${links.tokenOf(confirm).split('.')[0]}.`],
    ['another secret', new OneTimeLinks(secret('b')).tokenOf(confirm)],
    ['too much, be it signed', signed(JSON.stringify(['x'.repeat(400), 17, 'confirm', 1_800_000_000]))],
    ['another text with a dot', 'not-a-token.at-all'],
  ])('is none where there is %s', (_, token) => {
    expect(refusalOf(() => links.read(token, NOW))).toBe('LINK_INVALID');
  });

  it('outlives its secret as long as that one is named', () => {
    const renewed = new OneTimeLinks(secret('b'), secret('a'));
    expect(renewed.read(links.tokenOf(confirm), NOW)).toEqual(confirm);
    expect(refusalOf(() => links.read(renewed.tokenOf(confirm), NOW))).toBe('LINK_INVALID');
  });
});

describe('a secret', () => {
  it('has at least 32 bytes, and is not shown where it has not', () => {
    expect(() => new OneTimeLinks(Buffer.from('too short'))).toThrow(/^(?!.*too short).*at least 32 bytes$/);
    expect(() => new OneTimeLinks(secret('a'), Buffer.alloc(31))).toThrow(RangeError);
  });

  it('is nowhere in a link, its token or its refusals', () => {
    const told = [links, links.tokenOf(confirm), errorOf(() => links.read('x', NOW)), errorOf(() => links.read('x', confirm.expiresAt))];
    const text = inspect(told, { depth: null, showHidden: true });
    for (const shown of [secret('a').toString(), secret('a').toString('base64'), secret('a').toString('hex')]) {
      expect(text).not.toContain(shown.slice(0, 16));
    }
  });
});

describe('a link is used up', () => {
  const reject: OneTimeLink = { ...confirm, action: 'reject' };
  const fresh: Resolution = { revision: 17, confirmed: false };

  it.each<[string, OneTimeLink, Resolution, string | undefined]>([
    ['not before it is used', confirm, fresh, undefined],
    ['when it has confirmed', confirm, { revision: 17, confirmed: true }, 'LINK_USED'],
    ['not for rejecting, by having confirmed', reject, { revision: 17, confirmed: true }, undefined],
    ['when the incident is open again', reject, null, 'LINK_USED'],
    ['when it is resolved anew', confirm, { revision: 21, confirmed: false }, 'LINK_USED'],
  ])('%s', (_, link, resolution, code) => {
    expect(refusalOf(() => assertUnused(link, resolution))).toBe(code);
  });
});
