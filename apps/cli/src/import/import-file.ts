import { basename } from 'node:path';
import { INCIDENT_NUMBERS, type IncidentEvent } from '#domain/incident';
import { LOG_START, numberSequence, type EventLog } from '#kernel';
import { openLogFile, readCsv } from './csv-rows.js';
import type { ImportPlan } from './import-events.js';
import { importIdOf, openJournal } from './import-journal.js';
import { incidentBlocks, type IncidentBlock } from './incident-blocks.js';
import { rowMapper, type Fault, type MappedEvent } from './map-incident.js';
import type { Mapping } from './mapping.js';
import { Window } from './window.js';
import { newEventsOf, writeIncident } from './write-incident.js';

/** Most faults that are listed; the rest are counted. */
export const MOST_FAULTS_LISTED = 1_000;

export type ImportOptions = Readonly<{
  path: string;
  mapping: Mapping;
  /** Where the events go; absent: nowhere, and the result says what they would be. */
  log?: EventLog;
  /** Only events that occurred up to here, inclusive; an incident that was reported later is left out. ISO 8601, UTC. */
  until?: string;
  /** How many incidents are written at once. */
  inFlight: number;
  /** The present, in milliseconds since 1970. */
  nowMs: number;
  /** Told about once a row how far the file is read. */
  onProgress?: (progress: ImportProgress) => void;
}>;

export type ImportProgress = Readonly<{ bytesRead: number; sizeBytes: number; incidents: number; events: number }>;

export type ImportResult = Readonly<{
  file: string;
  sha256: string;
  mapping: string;
  until: string | null;
  rows: number;
  /** Incidents that the file has whole, and their events up to `until`: whether they are new or not. */
  incidents: number;
  events: number;
  eventsByType: Readonly<Record<string, number>>;
  /** Of these events: brought by this run, and in the log before it. */
  added: number;
  alreadyThere: number;
  /** Every fault is counted, the first ones of them are listed. */
  faulty: Readonly<{ count: number; rows: readonly Fault[] }>;
  /** Of the last event that this import brought, in this run or before; absent when there is none. */
  position?: string;
}>;

/** Progress is noted in the log this often, in incidents: what a resumed import does twice, at most, to find it done. */
const NOTED_EVERY = 1_000;
const DAY_MS = 86_400_000;

class Tally {
  rows = 0;
  incidents = 0;
  events = 0;
  added = 0;
  refusedEvents = 0;
  faultyCount = 0;
  largestNumber = 0;
  position = LOG_START;
  readonly faulty: Fault[] = [];
  readonly byType = new Map<string, number>();

  fault(fault: Fault) {
    this.faultyCount++;
    if (this.faulty.length < MOST_FAULTS_LISTED) this.faulty.push(fault);
  }

  count(events: readonly { event: IncidentEvent }[]) {
    this.incidents++;
    this.events += events.length;
    for (const { event } of events) this.byType.set(event.type, (this.byType.get(event.type) ?? 0) + 1);
  }
}

/**
 * Brings a log file in. It streams: what is in memory is the incidents in flight. It can be killed at any instant and run again: every event has
 * one id for ever, an incident is written whole, and what was noted as done is not tried again. A faulty row keeps its whole
 * incident out, is reported, and nothing else.
 *
 * @throws InvalidInput when the file cannot be read or does not fit the mapping; what the log throws when it cannot be reached
 */
export const importFile = async ({ path, mapping, log, until, inFlight, nowMs, onProgress }: ImportOptions): Promise<ImportResult> => {
  const file = await openLogFile(path);
  const reading = await readCsv(file, mapping.delimiter);
  try {
    // a day's grace: clocks and zones differ
    const mapper = rowMapper(mapping, reading.header, nowMs + DAY_MS);
    const plan: ImportPlan = { mapping: mapping.name, mappingSha256: mapping.sha256, until: until ?? null };
    const { sha256, sizeBytes } = file;
    const provenance = { importId: importIdOf(sha256, plan), mapping: mapping.name, source: mapping.source, file: basename(path), sha256 };
    const isKept = ({ occurredAt }: MappedEvent) => until === undefined || occurredAt <= until;

    const headBefore = (await log?.headPosition()) ?? LOG_START;
    const journal = log && (await openJournal(log, file, plan));
    const numbers = log && numberSequence(log, INCIDENT_NUMBERS);
    const window = new Window(inFlight);
    const tally = new Tally();
    for (const fault of journal?.refused ?? []) tally.fault(fault);
    tally.position = journal?.position ?? LOG_START;

    const refusedBefore = new Set(journal?.refused.map(({ line }) => line));
    let refusedSince: { place: number; fault: Fault }[] = [];
    let notedAt = 0;

    const note = async () => {
      if (!journal || !numbers) return;
      const throughLine = window.doneThrough();
      const refused = refusedSince.filter(({ place }) => place <= throughLine).map(({ fault }) => fault);
      refusedSince = refusedSince.filter(({ place }) => place > throughLine);
      await numbers.reserveThrough(tally.largestNumber);
      if (throughLine > journal.doneThrough) await journal.progressed({ throughLine, refused, position: tally.position.toString() });
    };

    const take = async ({ key, rows, faults }: IncidentBlock) => {
      const [first, last] = [rows[0], rows.at(-1)];
      if (!first || !last) return;
      tally.rows += rows.length;
      const mapped = mapper.map(key.incidentId, rows);
      const wrong = [...faults, ...mapped.faults];
      if (wrong.length > 0) {
        wrong.sort((a, b) => a.line - b.line).forEach((fault) => tally.fault(fault));
        return;
      }
      const [opening] = mapped.events;
      if (!opening || !isKept(opening)) return;

      const events = newEventsOf(provenance, key.incidentId, mapped.events, isKept);
      tally.count(events);
      tally.largestNumber = Math.max(tally.largestNumber, key.number);
      if (!log || !journal) return;
      if (last.line <= journal.doneThrough) {
        if (refusedBefore.has(first.line)) tally.refusedEvents += events.length;
        return;
      }

      await window.run(last.line, async () => {
        const written = await writeIncident(log, key.incidentId, events, headBefore);
        if (written.kind === 'refused') {
          const fault = { line: first.line, reason: written.reason };
          tally.fault(fault);
          tally.refusedEvents += events.length;
          refusedSince.push({ place: last.line, fault });
          return;
        }
        tally.added += written.added;
        if (written.position > tally.position) tally.position = written.position;
      });

      if (tally.incidents - notedAt >= NOTED_EVERY) {
        notedAt = tally.incidents;
        await note();
      }
    };

    for await (const item of incidentBlocks(reading.items, mapper.keyOf)) {
      if (item.kind === 'stray') {
        tally.rows++;
        tally.fault(item.fault);
      } else await take(item);
      onProgress?.({ bytesRead: reading.bytesRead(), sizeBytes, incidents: tally.incidents, events: tally.events });
    }
    await window.drain();
    await note();

    const { rows, incidents, events, added, refusedEvents, faultyCount, position } = tally;
    await journal?.completed({ rows, incidents, events, added, faulty: faultyCount });
    return {
      file: basename(path),
      sha256,
      mapping: mapping.name,
      until: until ?? null,
      rows,
      incidents,
      events,
      eventsByType: Object.fromEntries([...tally.byType].sort(([a], [b]) => (a < b ? -1 : 1))),
      added,
      alreadyThere: log ? events - added - refusedEvents : 0,
      faulty: { count: faultyCount, rows: tally.faulty.sort((a, b) => a.line - b.line) },
      ...(position !== LOG_START && { position: position.toString() }),
    };
  } finally {
    reading.close();
  }
};
