import { describe, expect, it } from '@jest/globals';
import { fold, fromStore, SITE_ID, toStore, unionOf, versionAt, type Event } from '#kernel';
import { INCIDENT_NUMBERS, INCIDENT_STREAM_PREFIX } from '#domain/incident';
import { NOTICE_STREAM_PREFIX } from '#domain/notifications';
import { recorded, refusalOf } from '#testing';
import { DEFINITION_KINDS, DEFINITION_STREAM_PREFIXES, definitionOf, kindOf, type DefinitionKind } from './kinds.js';
import { readSample, sampleOf, SITE, TOOLS } from './site.fixture.js';

const [JAN, FEB] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];

/** Events as they come back from the log. */
const stored = ({ catalogue, streamPrefix }: DefinitionKind, id: string, events: readonly Event[]): Event[] =>
  recorded(events, { streamName: `${streamPrefix}${id}` }).map(({ type, data, metadata, ...place }) => {
    const written = toStore(catalogue, { id: place.id, event: { type, data } as Event, metadata });
    return fromStore<Event>(catalogue, { ...place, ...(JSON.parse(JSON.stringify(written)) as typeof written) });
  });

/** The code that a definition is refused with; `undefined` where it is none. */
const refusalCode = (kind: DefinitionKind, definition: unknown): string | undefined => refusalOf(() => kind.parse(definition, TOOLS))[0];

describe.each(DEFINITION_KINDS.map((kind) => [kind.path, kind] as const))('%s', (path, kind) => {
  const { id, definition, references } = sampleOf(kind);
  const read = readSample(kind);
  const { initialState } = kind.decider;

  it('reads what it has read as the same', () => expect(kind.parse(read, TOOLS)).toEqual(read));
  it('refuses what is none', () => expect(refusalCode(kind, { ...definition, stranger: true })).toMatch(/^[A-Z_]+_INVALID$/));

  it('comes back from the log as it was defined, and out of use as it was retired', () => {
    const defined = kind.define({ id, definition: read, now: JAN }, initialState);
    const inUse = fold(kind.decider, stored(kind, id, defined));
    expect(versionAt(inUse, JAN)).toEqual({ version: 1, effectiveFrom: JAN, definition: read });
    expect(kind.define({ id, definition: read, now: FEB }, inUse)).toEqual([]);

    const retired = kind.retire({ id, reason: 'Another one took its place', now: FEB }, inUse);
    const outOfUse = fold(kind.decider, stored(kind, id, [...defined, ...retired]));
    expect([JAN, FEB].map((instant) => versionAt(outOfUse, instant)?.version)).toEqual([1, undefined]);
  });

  it('calls its events by its noun', () =>
    expect(kind.catalogue.types).toEqual(expect.arrayContaining([`${kind.noun}Defined`, `${kind.noun}Retired`])));
  it('is found by its path, and by its streams', () => {
    expect(kindOf(path)).toBe(kind);
    expect(definitionOf(`${kind.streamPrefix}a-b`)).toEqual({ kind, id: 'a-b' });
  });

  it('refers to what it takes for granted, which there can be', () => {
    expect(kind.references(read)).toEqual(references);
    expect(references.filter((reference) => SITE[reference.path]?.id !== reference.id)).toEqual([]);
  });
  it('there is one of it, or there are many', () => expect(kind.isSingle).toBe(id === SITE_ID));
});

describe('kinds', () => {
  it('are those that the site has samples of', () =>
    expect(DEFINITION_KINDS.map(({ path }) => path).sort()).toEqual(Object.keys(SITE).sort()));
  it('that there is one of are the rules of the whole site', () =>
    expect(DEFINITION_KINDS.filter(({ isSingle }) => isSingle).map(({ path }) => path)).toEqual([
      'taxonomies',
      'priority-policies',
      'assignment-rules',
    ]));

  it('refer to nothing where nothing is said', () => {
    const { members: _, lead: _l, nextTier: _n, onCallSchedule: _s, calendar: _c, ...team } = sampleOf({ path: 'teams' }).definition;
    const teams = kindOf('teams') as DefinitionKind;
    expect(teams.references(teams.parse(team, TOOLS))).toEqual([]);
  });

  it('are each refused with a code of their own', () =>
    expect(new Set(DEFINITION_KINDS.map((kind) => refusalCode(kind, null))).size).toBe(DEFINITION_KINDS.length));

  it('store each of their events under a name of its own', () => {
    const all = unionOf(...DEFINITION_KINDS.map(({ catalogue }) => catalogue));
    expect(new Set(all.types).size).toBe(all.types.length);
  });

  it('have paths, nouns and descriptions of their own', () => {
    for (const field of ['path', 'noun', 'about'] as const) {
      expect(new Set(DEFINITION_KINDS.map((kind) => kind[field])).size).toBe(DEFINITION_KINDS.length);
    }
  });
});

/** Streams in the log that hold no definitions: what happens, answered commands, counted numbers, imports, sweeps. */
const OTHER_PREFIXES = [INCIDENT_STREAM_PREFIX, INCIDENT_NUMBERS, NOTICE_STREAM_PREFIX, 'command-', 'import-', 'sweep-'];

describe('streams of definitions', () => {
  it('are told apart by their prefixes, and from all others', () => {
    const prefixes = [...DEFINITION_STREAM_PREFIXES, ...OTHER_PREFIXES];
    const below = prefixes.flatMap((prefix) => prefixes.filter((other) => other !== prefix && other.startsWith(prefix)));
    expect(below).toEqual([]);
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });
  it.each(['incident-INC0000001', 'notice-1', 'teams', 'a-team-desk', ''])('are not %j', (streamName) =>
    expect(definitionOf(streamName)).toBeUndefined(),
  );
});
