import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event, EventCatalogue } from '#kernel';

type Golden = Readonly<{ storedType: string; data: unknown }>;

/**
 * Holds a catalogue to its golden events: one file for each name that was ever stored, `<name>.json`, written once and never changed. `story`
 * has one event of each type, with every field that it can have. Answers with the golden events, as they are read today.
 * @throws AssertionError where a name has no file, a file no name, or an event is written otherwise today: that is a new shape, and takes an
 * upcaster and a golden event `<name>.vN.json` beside the old one
 */
export const assertGolden = <E extends Event>(folder: string, catalogue: EventCatalogue<E>, story: readonly E[]): E[] => {
  const files = [...readdirSync(folder)].sort();
  assert.deepEqual(files, catalogue.storedTypes.map((name) => `${name}.json`).sort());
  const golden = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Golden);
  assert.deepEqual(
    golden.map(({ storedType }) => `${storedType}.json`),
    files,
  );

  const read = golden.map(({ storedType, data }) => catalogue.read(storedType, data));
  assert.deepEqual(story.map(({ type }) => type).sort(), [...catalogue.types].sort());
  for (const { type, data } of story) {
    const { storedType } = catalogue.storedForm(type);
    assert.deepEqual(
      { storedType, data: JSON.parse(JSON.stringify(data)) },
      golden.find((event) => event.storedType === storedType),
    );
  }
  return read;
};
