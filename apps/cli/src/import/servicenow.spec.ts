import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { incidentCatalogue } from '#domain/incident';
import { ledgerCatalogue, numberCatalogue, unionOf, type Event } from '#kernel';
import { memoryLog } from '#testing';
import { findMapping } from './find-mapping.js';
import { importCatalogue } from './import-events.js';
import { importFile } from './import-file.js';

/** A real log, which is not ours to ship: where it is absent there is nothing to compare. */
const DATA = join(import.meta.dirname, '../../../../../shared/data/servicenow');
const withData = existsSync(DATA) ? describe : describe.skip;

withData('a real ServiceNow log', () => {
  const file = join(DATA, 'incident_event_log.sample.csv');
  const truth = JSON.parse(existsSync(DATA) ? readFileSync(join(DATA, 'sample.truth.json'), 'utf8') : '{}');

  it('gives the events that it should, and none twice', async () => {
    const catalogue = unionOf<Event>(incidentCatalogue, ledgerCatalogue, numberCatalogue, importCatalogue);
    const log = memoryLog({ catalogue });
    const run = async () => importFile({ path: file, mapping: await findMapping('servicenow'), log, inFlight: 16, nowMs: Date.now() });

    const first = await run();
    expect(first).toMatchObject({ rows: truth.rows, incidents: truth.incidents, events: truth.events, eventsByType: truth.eventsByType });
    expect(first).toMatchObject({ added: truth.events, alreadyThere: 0, faulty: { count: 0 } });
    expect(await run()).toMatchObject({ eventsByType: truth.eventsByType, added: 0, alreadyThere: truth.events, faulty: { count: 0 } });
  });
});
