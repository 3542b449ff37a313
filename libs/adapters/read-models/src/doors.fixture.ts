import { eventCatalogue, projection, type Event, type Output } from '#kernel';

/** Doors of a house: enough to have documents, lines, a document that is set again and again, and counters across documents. */
export type DoorEvent =
  Event<'DoorOpened', { by: string }> | Event<'DoorClosed', { by: string }> | Event<'DoorInspected', { by: string; verdict: string }>;

export const doorCatalogue = eventCatalogue<DoorEvent>({
  DoorOpened: { storedName: 'DoorOpened' },
  DoorClosed: { storedName: 'DoorClosed' },
  DoorInspected: { storedName: 'DoorInspected' },
});

export type Door = { isOpen: boolean; openings: number; lastBy: string };

const moved =
  (isOpen: boolean) =>
  (door: Door | undefined, { data: { by } }: { data: { by: string } }): Door => ({
    isOpen,
    openings: (door?.openings ?? 0) + Number(isOpen && !door?.isOpen),
    lastBy: by,
  });

/** Every door; a line for each event; who was last at it; how many doors are open on each floor; how often each person touched one. */
export const doors = projection<DoorEvent, Door>({
  name: 'house-doors',
  version: 1,
  streamPrefixes: ['door-'],
  key: ({ streamName }) => streamName,
  on: { DoorOpened: moved(true), DoorClosed: moved(false), DoorInspected: (door) => door },
  outputs: (before, after, { id, type, streamName, position, data }): Output[] => [
    { kind: 'line', collection: 'door_lines', id, document: { door: streamName, type, at: Number(position) } },
    { kind: 'document', collection: 'door_visitors', id: streamName, document: { last: data.by, type } },
    {
      kind: 'increment',
      collection: 'door_counts',
      id: streamName.slice(0, 'door-1'.length),
      key: { floor: streamName.charAt('door-'.length) },
      by: { open: Number(after?.isOpen ?? false) - Number(before?.isOpen ?? false) },
    },
    { kind: 'increment', collection: 'door_people', id: data.by, key: { person: data.by }, by: { touched: 1, 'by.kind': 1 } },
  ],
  documents: 'house_doors',
  collections: {
    house_doors: [{ fields: { isOpen: 1, _id: 1 } }],
    door_lines: [{ fields: { door: 1 } }],
    door_visitors: [],
    door_counts: [],
    door_people: [],
  },
});

/** Numbers that look random and are the same in every run (Numerical Recipes' generator). */
export const dice = (seed: number) => (sides: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * sides);
};

/** What happened at so many doors, all mixed up: the stream and the event, in order. */
export const houseHistory = (events: number, doorCount: number, seed = 1): readonly (readonly [streamName: string, event: DoorEvent])[] => {
  const roll = dice(seed);
  return Array.from({ length: events }, () => {
    const streamName = `door-${1 + roll(3)}${roll(doorCount)}`;
    const by = ['Ada', 'Ben', 'Cleo'][roll(3)] as string;
    const happened: DoorEvent[] = [
      { type: 'DoorOpened', data: { by } },
      { type: 'DoorClosed', data: { by } },
      { type: 'DoorInspected', data: { by, verdict: 'fine' } },
    ];
    return [streamName, happened[roll(3)] as DoorEvent] as const;
  });
};
