import { projection, type EffectiveDated, type Event, type Recorded } from '#kernel';
import { DEFINITION_KINDS, DEFINITION_STREAM_PREFIXES, definitionOf } from '#domain/definitions';

/** One thing that a site defines, with everything that was ever said of it. */
export type SiteDefinition = Readonly<{
  /** Its kind, as its resource is called: `calendars`. */
  path: string;
  id: string;
  /** What its events have made of it: its versions, and what happened to it beside them. */
  state: EffectiveDated<unknown>;
}>;

const step = (document: SiteDefinition | undefined, event: Recorded<Event>): SiteDefinition | undefined => {
  const found = definitionOf(event.streamName);
  if (!found) return document;
  const { kind, id } = found;
  return { path: kind.path, id, state: kind.decider.evolve(document?.state ?? kind.decider.initialState, event) };
};

/** What a site defines, one document each: who reads it finds every version, and from when on it holds. */
export const siteDefinitions = projection<Event, SiteDefinition>({
  name: 'site-definitions',
  version: 1,
  streamPrefixes: DEFINITION_STREAM_PREFIXES,
  key: ({ streamName }) => streamName,
  on: Object.fromEntries(DEFINITION_KINDS.flatMap(({ catalogue }) => catalogue.types.map((type) => [type, step]))),
  documents: 'site_definitions',
  collections: { site_definitions: [{ fields: { path: 1, _id: 1 } }] },
});
