import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataDamaged } from '../log/damage.js';
import { indexFolder, logFolder } from '../log/event-log.js';
import { LogReader } from '../log/log-reader.js';
import type { EventRecord } from '../log/record.js';
import { StreamIndex } from '../log/stream-index.js';
import type { VerifyReport } from '../options.js';
import { turn } from '../turn.js';

/** A log to be checked, and what its index says. */
export type Verifiable = Readonly<{
  end: number;
  forwards: (from: number) => readonly EventRecord[];
  positionOf: (streamName: string, revision: number) => number | undefined;
  /** The position that the index has come to. */
  indexedThrough: number;
}>;

/**
 * Reads every record, checksum and all, and looks each up in the index. What is written meanwhile is left out.
 * @throws DataDamaged naming the first record that is not as it was written, or that the index does not know
 */
export const verifyLog = async ({ end, forwards, positionOf, indexedThrough }: Verifiable): Promise<VerifyReport> => {
  let events = 0;
  for (let next = 0; next < end;) {
    for (const event of forwards(next)) {
      const { position, revision, streamName } = event;
      if (position >= end) break;
      const indexed = positionOf(streamName, revision);
      if (indexed !== position && position < indexedThrough) {
        const where = indexed === undefined ? 'does not have' : `has at ${indexed}`;
        throw new DataDamaged(`The index ${where} ${revision}@${streamName}, which is at ${position}: remove the index, it is made again`);
      }
      events++;
      next = event.end;
    }
    await turn();
  }
  return { events, end };
};

/**
 * Checks a data folder, or a backup: every record as far as the log was acknowledged, and the index against the records. Nothing is
 * written, and a node may be running on it.
 * @throws DataDamaged naming what is not as it was written; Error where there is no log
 */
export const verify = async (dataDir: string): Promise<VerifyReport> => {
  if (!existsSync(logFolder(dataDir))) throw new Error(`There is no event log in ${resolve(dataDir)}`);
  const log = LogReader.open(logFolder(dataDir));
  try {
    const index = existsSync(indexFolder(dataDir)) ? new StreamIndex(indexFolder(dataDir), { durable: true, readOnly: true }) : undefined;
    try {
      const isOfThisLog = index?.salt === log.salt;
      const report = await verifyLog({
        end: log.end,
        forwards: (from) => log.forwards(from),
        positionOf: (streamName, revision) => index?.position(streamName, revision),
        indexedThrough: isOfThisLog ? index.checkpoint : 0,
      });
      if (isOfThisLog && index.checkpoint === log.end && index.eventCount !== report.events) {
        throw new DataDamaged(`The index has ${index.eventCount} events, and the log ${report.events}: remove the index, it is made again`);
      }
      return report;
    } finally {
      await index?.close();
    }
  } finally {
    log.close();
  }
};
