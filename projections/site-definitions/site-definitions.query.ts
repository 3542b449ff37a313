import { pageSpec, type FindSpec, type PageRequest } from '#kernel';

/** The order of a list of definitions: by id. */
export const DEFINITION_SORT = { _id: 1 } as const;

/** One page of the definitions of a kind. */
export const definitionsPage = (path: string, page: PageRequest): FindSpec =>
  pageSpec({ collection: 'site_definitions', filter: { path }, sort: DEFINITION_SORT }, page);
