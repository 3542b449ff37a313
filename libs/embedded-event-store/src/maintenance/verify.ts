import { lockFolder } from '../folder-lock.js';
import { DataDamaged } from '../log/damage.js';
import { EventLog } from '../log/event-log.js';
import { TOMBSTONE } from '../log/revision.js';
import type { VerifyReport } from '../options.js';
import { turn } from '../turn.js';

/**
 * Reads every record, checksum and all, and looks each up in the index. What is written meanwhile is left out.
 * @throws DataDamaged naming the first record that is not as it was written, or that the index does not know
 */
export const verifyLog = async (log: EventLog): Promise<VerifyReport> => {
  const { end } = log;
  let [events, streams] = [0, 0];
  for (let next = 0; next < end;) {
    for (const event of log.forwards(next)) {
      const { position, revision, streamName } = event;
      if (position >= end) break;
      const indexed = log.positionOf(streamName, revision);
      if (indexed !== position) {
        throw new DataDamaged(
          `The index has ${revision}@${streamName} at ${indexed}, and the log at ${position}: remove the index, it is made again`,
        );
      }
      events++;
      if (revision === 0 || (revision === TOMBSTONE && log.positionOf(streamName, 0) === undefined)) streams++;
      next = position + event.bytes.length;
    }
    // a log may be long: others have their turn after each page
    await turn();
  }
  return { events, streams, bytes: end, end };
};

/**
 * Checks the data folder of a node that does not run: every record, and the index against the records.
 * @throws DataDamaged; FolderInUse where a node has the folder: ask that one
 */
export const verify = async (dataDir: string): Promise<VerifyReport> => {
  const unlock = lockFolder(dataDir);
  try {
    const log = await EventLog.open(dataDir);
    try {
      const report = await verifyLog(log);
      const { indexedEvents } = log;
      if (indexedEvents !== report.events) {
        throw new DataDamaged(`The index has ${indexedEvents} events, and the log ${report.events}: remove the index, it is made again`);
      }
      return report;
    } finally {
      await log.close();
    }
  } finally {
    unlock();
  }
};
