import { Unavailable } from '#kernel';
import { siteDefinitions, type SiteDefinition } from '#projections';
import { SiteDefinitions } from '#domain/definitions';
import type { Site } from './site.js';

/**
 * What a site defines: as its view knows it, so that nobody has to look through the whole log, or from the log where the
 * view cannot be read: that is done with the first need.
 */
export const openDefinitions = async ({ log, readers }: Pick<Site, 'log' | 'readers'>): Promise<SiteDefinitions> => {
  try {
    const everything = { collection: 'site_definitions', filter: {}, sort: { _id: 1 } } as const;
    const { value, position } = await readers
      .of(siteDefinitions as never)
      .read((view) => view.list<SiteDefinition & { position: bigint }>(everything));
    return new SiteDefinitions(log, { definitions: value, position });
  } catch (error) {
    if (error instanceof Unavailable) return new SiteDefinitions(log);
    throw error;
  }
};
