import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { derivedId, LOG_START, NO_STREAM, WrongExpectedRevision, type Actor, type EventLog } from '#kernel';
import type { LogFile } from './csv-rows.js';
import { importStream, type ImportEvent, type ImportPlan } from './import-events.js';
import type { Fault } from './map-incident.js';

/** Names an import: the same file by the same mapping up to the same instant is the same import, however often it is run. */
export const importIdOf = (sha256: string, { mapping, mappingSha256, until }: ImportPlan): string =>
  derivedId('import', sha256, mapping, mappingSha256, until ?? '');

/** Whoever runs this process, by the system it runs on. */
const systemUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
};

type WithoutId<Type extends ImportEvent['type']> = Omit<Extract<ImportEvent, { type: Type }>['data'], 'importId'>;

export interface ImportJournal {
  /** Up to this line of the file, the log had everything when this import was last run; 0: nothing is known. */
  readonly doneThrough: number;
  /** What the log had otherwise, up to there. */
  readonly refused: readonly Fault[];
  /** Where in the log the last event of what was done stands. */
  readonly position: bigint;
  progressed(progress: WithoutId<'ImportProgressed'>): Promise<void>;
  completed(result: WithoutId<'ImportCompleted'>): Promise<void>;
}

/** Opens the record of an import in the log, finds how far it came before, and notes that it is started again. */
export const openJournal = async (log: EventLog, { path, sha256, sizeBytes }: LogFile, plan: ImportPlan): Promise<ImportJournal> => {
  const streamName = importStream(sha256);
  const importId = importIdOf(sha256, plan);
  const startedBy = systemUser();
  const actor: Actor = { kind: 'import', id: plan.mapping, onBehalfOf: startedBy };

  let revision = NO_STREAM;
  let doneThrough = 0;
  let position = LOG_START;
  const refused: Fault[] = [];
  for await (const { type, data, revision: at } of log.readStream<ImportEvent>(streamName)) {
    revision = at;
    if (type !== 'ImportProgressed' || data.importId !== importId || data.throughLine <= doneThrough) continue;
    doneThrough = data.throughLine;
    position = BigInt(data.position);
    refused.push(...data.refused);
  }

  /** The stream may be shared with another run over the same file: each loss of the race is the other's progress. */
  const record = async (event: ImportEvent) => {
    const id = randomUUID();
    for (;;) {
      try {
        const metadata = { $correlationId: importId, $causationId: importId, commandId: id, actor };
        ({ revision } = await log.append(streamName, revision, [{ id, event, metadata }]));
        return;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        revision = (await log.readLast(streamName))?.revision ?? NO_STREAM;
      }
    }
  };

  await record({ type: 'ImportStarted', data: { importId, file: basename(path), sha256, sizeBytes, ...plan, startedBy } });
  return {
    doneThrough,
    refused,
    position,
    progressed: (progress) => record({ type: 'ImportProgressed', data: { importId, ...progress } }),
    completed: (result) => record({ type: 'ImportCompleted', data: { importId, ...result } }),
  };
};
