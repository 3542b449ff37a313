import type { Event } from './event.js';

/** Lifts the data of one stored shape to the next one. Pure, total: every recorded event passes. */
export type Upcaster = (data: never) => unknown;

/**
 * How one event type is written down. The stored name is explicit, so that renaming a type in code never orphans history.
 * Version 1 is stored as `storedName`, version n as `storedName.vN`; `upcasters[0]` lifts version 1 to 2, and so on,
 * so there is one upcaster fewer than versions.
 */
export type EventEntry = Readonly<{ storedName: string; upcasters?: readonly Upcaster[] }>;

export type StoredForm = Readonly<{ storedType: string; schemaVersion: number }>;

/** The words of the log: every event type, the name it is stored under and the shapes it had. */
export interface EventCatalogue<E extends Event> {
  /** Under which name and schema version an event of this type is written today. */
  storedForm(type: E['type']): StoredForm;
  /**
   * The event of today's shape that a stored one means.
   * @throws UnknownEvent when no entry has that stored name, or none of that version
   */
  read(storedType: string, data: unknown): E;
  readonly storedTypes: readonly string[];
  /** Every event type, as it is called today. */
  readonly types: readonly E['type'][];
}

/** A stored event that this program does not know: written by a newer one, or by someone else into our streams. */
export class UnknownEvent extends Error {
  constructor(readonly storedType: string) {
    super(`No event is stored under the name ${storedType} in this version of the program`);
    this.name = 'UnknownEvent';
  }
}

const versionedName = (name: string, version: number) => (version === 1 ? name : `${name}.v${version}`);

/** Builds the catalogue of a union of events; the compiler asks for every member. */
export const eventCatalogue = <E extends Event>(entries: { readonly [T in E['type']]: EventEntry }): EventCatalogue<E> => {
  const writing = new Map<string, StoredForm>();
  const reading = new Map<string, { type: string; lifts: readonly Upcaster[] }>();

  for (const [type, { storedName, upcasters = [] }] of Object.entries<EventEntry>(entries)) {
    const latest = upcasters.length + 1;
    writing.set(type, { storedType: versionedName(storedName, latest), schemaVersion: latest });
    for (let version = 1; version <= latest; version++) {
      const name = versionedName(storedName, version);
      if (reading.has(name)) throw new Error(`Two event types are stored under the name ${name}`);
      reading.set(name, { type, lifts: upcasters.slice(version - 1) });
    }
  }

  return {
    storedForm: (type) => writing.get(type) as StoredForm,
    read: (storedType, data) => {
      const entry = reading.get(storedType);
      if (!entry) throw new UnknownEvent(storedType);
      return { type: entry.type, data: entry.lifts.reduce((shape, lift) => lift(shape as never), data) } as E;
    },
    storedTypes: [...reading.keys()],
    types: [...writing.keys()],
  };
};

/** One catalogue over several: the words of every aggregate that shares the log. */
export const unionOf = <E extends Event>(...catalogues: readonly EventCatalogue<E>[]): EventCatalogue<E> => {
  const owner = new Map<string, EventCatalogue<E>>();
  for (const catalogue of catalogues) {
    for (const name of catalogue.storedTypes) {
      if (owner.has(name)) throw new Error(`Two event types are stored under the name ${name}`);
      owner.set(name, catalogue);
    }
  }
  return {
    storedForm: (type) => {
      for (const catalogue of catalogues) {
        const form = catalogue.storedForm(type);
        if (form) return form;
      }
      throw new UnknownEvent(type);
    },
    read: (storedType, data) => {
      const catalogue = owner.get(storedType);
      if (!catalogue) throw new UnknownEvent(storedType);
      return catalogue.read(storedType, data);
    },
    storedTypes: [...owner.keys()],
    types: catalogues.flatMap(({ types }) => types),
  };
};
