import { OneTimeLinks } from '#domain/one-time-links';
import type { Site } from './site.js';

/** What signs and reads the links by which reporters answer; `undefined` where the site has no secret for them. */
export const linksOf = ({ settings, engines }: Pick<Site, 'settings' | 'engines'>): OneTimeLinks | undefined => {
  const secret = settings.linkSecret ?? engines.linkSecret;
  return secret === undefined ? undefined : new OneTimeLinks(Buffer.from(secret));
};
