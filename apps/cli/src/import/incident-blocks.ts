import type { CsvItem } from './csv-rows.js';
import { RowFault } from './expression.js';
import type { Fault, IncidentKey, Row, RowMapper } from './map-incident.js';
import { NumberSet } from './number-set.js';

/** The rows of one incident, as they stand together in the file, and what is wrong with them as a whole. */
export type IncidentBlock = Readonly<{ kind: 'incident'; key: IncidentKey; rows: readonly Row[]; faults: readonly Fault[] }>;

/** A row of which nobody can say whose it is. */
export type StrayRow = Readonly<{ kind: 'stray'; fault: Fault }>;

/** More rows than this are not one incident: they are a key column that is none. */
export const MOST_ROWS = 10_000;

/**
 * Puts the rows of each incident together. They have to stand together in the file: then one incident at a time is held in memory, and the order of
 * the file is the order of its history.
 *
 * A row that nobody can be found for spoils the incident before it and the one behind it: it may have been a row of either, and an
 * incident is brought over whole or not at all. Rows of an incident that was there before, with others between, are faulty.
 */
export async function* incidentBlocks(items: AsyncIterable<CsvItem>, keyOf: RowMapper['keyOf']): AsyncGenerator<IncidentBlock | StrayRow> {
  const seen = new NumberSet();
  let block: { key: IncidentKey; rows: Row[]; faults: Fault[] } | undefined;
  let stray: Fault | undefined;

  const placeOf = (item: CsvItem): { row: Row; key: IncidentKey } | Fault => {
    if (item.kind === 'fault') return item.fault;
    try {
      return { row: item.row, key: keyOf(item.row.cells) };
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      return { line: item.row.line, reason: error.message };
    }
  };

  for await (const item of items) {
    const place = placeOf(item);
    if ('reason' in place) {
      yield { kind: 'stray', fault: place };
      block?.faults.push({ line: place.line, reason: `${block.key.incidentId} is left out: a row next to it cannot be read` });
      stray = place;
      continue;
    }

    const { row, key } = place;
    if (block?.key.number !== key.number) {
      if (block) yield { kind: 'incident', ...block };
      block = { key, rows: [], faults: [] };
      if (!seen.add(key.number)) {
        block.faults.push({
          line: row.line,
          reason: `rows of ${key.incidentId} stand further up too, with others between: sort the file by incident`,
        });
      }
      if (stray) block.faults.push({ line: stray.line, reason: `${key.incidentId} is left out: a row next to it cannot be read` });
    }
    stray = undefined;
    if (block.rows.length < MOST_ROWS) block.rows.push(row);
    else if (block.faults.length === 0) block.faults.push({ line: row.line, reason: `${key.incidentId} has more than ${MOST_ROWS} rows` });
  }
  if (block) yield { kind: 'incident', ...block };
}
