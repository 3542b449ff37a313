import { createHmac, timingSafeEqual } from 'node:crypto';
import { IllegalTransition, InvalidInput } from '#kernel';

/**
 * What somebody may do who holds the link: confirm or reject one resolution of one incident, without signing in. It works once because it
 * names that resolution: the revision of its event in the incident's stream.
 */
export type OneTimeLink = Readonly<{
  incidentId: string;
  resolutionRevision: number;
  action: LinkAction;
  /** Until when it works: ISO 8601, UTC. To the second. */
  expiresAt: string;
}>;

export const LINK_ACTIONS = ['confirm', 'reject'] as const;
export type LinkAction = (typeof LINK_ACTIONS)[number];

/** Where the incident stands: the revision of its last resolution, and whether the reporter has confirmed it. `null`: it is not resolved. */
export type Resolution = Readonly<{ revision: number; confirmed: boolean }> | null;

export const LINK_LIMITS = { secretBytes: 32, tokenLength: 512, incidentIdLength: 64 } as const;

/** Keeps these signatures apart from any other that the same secret may make, and from those of a later form of the token. */
const PURPOSE = 'faultline one-time link 1';
const TOKEN = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;

const invalid = () => new InvalidInput('LINK_INVALID', 'This link is none of ours, or only a part of one: take it whole from the message');

const signatureOf = (secret: Uint8Array, claims: string): string =>
  createHmac('sha256', secret).update(`${PURPOSE}\n${claims}`).digest('base64url');

const claimsOf = ({ incidentId, resolutionRevision, action, expiresAt }: OneTimeLink): string =>
  Buffer.from(JSON.stringify([incidentId, resolutionRevision, action, Math.floor(Date.parse(expiresAt) / 1_000)])).toString('base64url');

/** Called with claims that bear our signature: they are what `claimsOf` wrote. */
const readClaims = (claims: string): OneTimeLink => {
  const [incidentId, resolutionRevision, action, expiresAtSeconds] = JSON.parse(Buffer.from(claims, 'base64url').toString()) as [
    string,
    number,
    LinkAction,
    number,
  ];
  return { incidentId, resolutionRevision, action, expiresAt: new Date(expiresAtSeconds * 1_000).toISOString() };
};

/**
 * Makes and reads the tokens of one-time links: HMAC-SHA256 (RFC 2104) over what the link allows. The same link always has the same token, so
 * none need be kept: whoever sends the message makes it again.
 *
 * Secrets come in order of age, the newest first: it signs; the ones before it still open the links that they signed.
 */
export class OneTimeLinks {
  readonly #secrets: readonly [Uint8Array, ...Uint8Array[]];

  /** @throws RangeError for a secret of less than 32 bytes */
  constructor(secret: Uint8Array, ...former: readonly Uint8Array[]) {
    this.#secrets = [secret, ...former];
    if (this.#secrets.some(({ byteLength }) => byteLength < LINK_LIMITS.secretBytes)) {
      throw new RangeError(`The secret of one-time links has at least ${LINK_LIMITS.secretBytes} bytes`);
    }
  }

  /** The token of a link: up to 512 letters, digits, `-`, `_` and one `.`, which need no escaping in a URL. */
  tokenOf(link: OneTimeLink): string {
    if (link.incidentId.length > LINK_LIMITS.incidentIdLength || Number.isNaN(Date.parse(link.expiresAt))) {
      throw new RangeError('A one-time link names an incident and an instant');
    }
    const claims = claimsOf(link);
    return `${claims}.${signatureOf(this.#secrets[0], claims)}`;
  }

  /**
   * What a token allows. Signatures are compared in constant time, and nothing of a token is looked at before its signature holds.
   * @throws InvalidInput LINK_INVALID; IllegalTransition LINK_EXPIRED
   */
  read(token: string, now: string): OneTimeLink {
    const [, claims, signature] = (token.length <= LINK_LIMITS.tokenLength && TOKEN.exec(token)) || [];
    if (claims === undefined || signature === undefined) throw invalid();
    const isOurs = this.#secrets.some((secret) => timingSafeEqual(Buffer.from(signatureOf(secret, claims)), Buffer.from(signature)));
    if (!isOurs) throw invalid();

    const link = readClaims(claims);
    if (Date.parse(now) >= Date.parse(link.expiresAt)) {
      throw new IllegalTransition('LINK_EXPIRED', `This link worked until ${link.expiresAt}: answer through the service desk instead`);
    }
    return link;
  }
}

/**
 * Lets a link through once. It is used up when its resolution was confirmed (for a link that confirms), or is no longer the incident's last
 * one: rejected, reopened, or resolved anew since.
 * @throws IllegalTransition LINK_USED
 */
export const assertUnused = ({ action, resolutionRevision }: OneTimeLink, resolution: Resolution): void => {
  const isOfAnother = resolution?.revision !== resolutionRevision;
  if (isOfAnother || (action === 'confirm' && resolution.confirmed)) {
    throw new IllegalTransition('LINK_USED', 'This link was used, or the incident has moved on since: take it from the latest message');
  }
};
