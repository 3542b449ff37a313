import { incidentStream, type IncidentEvent } from '#domain/incident';
import { derivedId, InvalidInput, NO_STREAM, WrongExpectedRevision, type EventLog, type NewEvent } from '#kernel';
import type { MappedEvent } from './map-incident.js';

/** What all events of one import have in common. */
export type Provenance = Readonly<{ importId: string; mapping: string; source: string; file: string; sha256: string }>;

/** Events with their ids: the n-th event of an incident has the same id whenever it is made, by whatever file and up to whatever instant. */
export const newEventsOf = (
  { importId, mapping, source, file, sha256 }: Provenance,
  incidentId: string,
  events: readonly MappedEvent[],
  isKept: (event: MappedEvent) => boolean,
): NewEvent<IncidentEvent>[] => {
  const commandId = derivedId('import-incident', sha256, incidentId);
  return events.flatMap((mapped, n) => {
    if (!isKept(mapped)) return [];
    const { event, occurredAt, by, row } = mapped;
    const actor = { kind: 'import' as const, id: mapping, ...(by !== undefined && { name: by }) };
    const metadata = { $correlationId: importId, $causationId: importId, actor, occurredAt, commandId, origin: { file, sha256, row } };
    return [{ id: derivedId('imported', source, incidentId, String(n)), event, metadata }];
  });
};

/** How an incident was met: so many of its events were new; or the log had its number for something else. */
export type Written = Readonly<{ kind: 'written'; added: number; position: bigint }> | Readonly<{ kind: 'refused'; reason: string }>;

/** Events in one append. An EventStoreDB takes 1 MiB: what is larger goes in pieces, and a piece that was written is found again. */
const MOST_AT_ONCE = 500;

const isTooLarge = (error: unknown) => error instanceof InvalidInput && error.code === 'APPEND_TOO_LARGE';

/** What stands in a stream, held against what should. */
const standing = async (log: EventLog, streamName: string, wanted: readonly NewEvent[]) => {
  let [same, revision, position] = [0, NO_STREAM, NO_STREAM];
  let other: { revision: bigint; first: boolean } | undefined;
  for await (const event of log.readStream(streamName)) {
    if (!other && event.id === wanted[same]?.id) same++;
    else other ??= { revision: event.revision, first: event.revision === 0n };
    ({ revision, position } = event);
  }
  return { same, revision, position, other };
};

/**
 * Brings one incident into the log: whole where it is new; what is missing behind what an earlier import brought; nothing where all is there.
 * Events that stand in its stream otherwise are never mixed with: then it is refused.
 * `headBefore` is where the log ended when the import began: what lies behind it, this import has written.
 */
export const writeIncident = async (
  log: EventLog,
  incidentId: string,
  events: readonly NewEvent<IncidentEvent>[],
  headBefore: bigint,
): Promise<Written> => {
  const streamName = incidentStream(incidentId);
  let at = { done: 0, revision: NO_STREAM };
  let added = 0;
  let position = NO_STREAM;
  let atOnce = MOST_AT_ONCE;
  while (at.done < events.length) {
    const chunk = events.slice(at.done, at.done + atOnce);
    try {
      const appended = await log.append(streamName, at.revision, chunk);
      // the same events at the same place are answered as they were the first time: their position tells when that was
      if (appended.position > headBefore) added += chunk.length;
      ({ position } = appended);
      at = { done: at.done + chunk.length, revision: at.revision + BigInt(chunk.length) };
    } catch (error) {
      if (isTooLarge(error) && atOnce > 1) {
        atOnce = Math.ceil(Math.min(atOnce, chunk.length) / 2);
        continue;
      }
      if (!(error instanceof WrongExpectedRevision)) throw error;
      const found = await standing(log, streamName, events);
      if (found.same === events.length) return { kind: 'written', added, position: found.position };
      if (found.other?.first)
        return { kind: 'refused', reason: `the number ${incidentId} is taken: the log has another incident under it` };
      if (found.other) {
        const since = `its event ${found.other.revision} in the log is not the one that the file has there`;
        return {
          kind: 'refused',
          reason: `${incidentId} has gone on differently in the log since it was imported (${since}): nothing is added`,
        };
      }
      at = { done: found.same, revision: found.revision };
    }
  }
  return { kind: 'written', added, position };
};
