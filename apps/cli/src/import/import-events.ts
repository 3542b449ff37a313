import { eventCatalogue, type Event } from '#kernel';
import type { Fault } from './map-incident.js';

/** Which run of which mapping over a file: two that agree in these do the same. */
export type ImportPlan = Readonly<{
  mapping: string;
  /** SHA-256 of the mapping's text, hex. */
  mappingSha256: string;
  /** Only what happened up to here, inclusive: ISO 8601, UTC. */
  until: string | null;
}>;

/** What the log remembers of an import itself: who brought which file in, when, and how far it came. Its stream is named by the file's hash. */
export type ImportEvent =
  | Event<'ImportStarted', ImportPlan & { importId: string; file: string; sha256: string; sizeBytes: number; startedBy: string }>
  /**
   * Every incident up to this line of the file is in the log, but for those in `refused` (since the progress before), which the log had
   * otherwise. `position`: where in the log the last of them stands.
   */
  | Event<'ImportProgressed', { importId: string; throughLine: number; refused: readonly Fault[]; position: string }>
  | Event<'ImportCompleted', { importId: string; rows: number; incidents: number; events: number; added: number; faulty: number }>;

export const importCatalogue = eventCatalogue<ImportEvent>({
  ImportStarted: { storedName: 'ImportStarted' },
  ImportProgressed: { storedName: 'ImportProgressed' },
  ImportCompleted: { storedName: 'ImportCompleted' },
});

export const importStream = (sha256: string): string => `import-${sha256}`;
