import type { Taxonomy } from '#domain/catalogue';
import { NotFound, SITE_ID, type Version } from '#kernel';
import { TAXONOMIES, type SiteDefinitions } from '#domain/definitions';

/** The taxonomy that holds at an instant (ISO 8601, UTC). @throws NotFound DEFINITION_NOT_FOUND */
export const taxonomyAt = (site: SiteDefinitions, instant: string): Version<Taxonomy> => {
  const inForce = site.inForce(TAXONOMIES, SITE_ID, instant);
  if (inForce) return inForce;
  throw new NotFound('DEFINITION_NOT_FOUND', `No taxonomy is in use at ${instant}: PUT /api/v1/taxonomies/${SITE_ID} defines one`);
};

/** What an answer calls it, as the events of incidents do: `taxonomy@3`. */
export const taxonomyName = ({ version }: Version<Taxonomy>): string => `taxonomy@${version}`;
