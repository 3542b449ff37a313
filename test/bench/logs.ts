import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, root } from '../support/program.js';
import { writeServiceNowLog } from '../support/service-now-log.js';

/** A log file to import by the mapping `servicenow`. */
export type LogFile = Readonly<{ name: string; path: string; remove: () => void }>;

/** A log in ServiceNow's shape, the same whenever it is made; it is gone when it is removed. */
export const generatedLog = async (incidents: number): Promise<LogFile> => {
  const folder = dataFolder();
  const path = join(folder.path, 'log.csv');
  await writeServiceNowLog(path, incidents);
  return { name: 'a generated log', path, remove: folder.remove };
};

const REAL = join(root, '../shared/data/servicenow/incident_event_log.even.csv.gz');

/** A company's own log, where it lies beside the checkout; it is no part of the project. */
export const realLog = (): LogFile | undefined =>
  existsSync(REAL) ? { name: 'a real log', path: REAL, remove: () => undefined } : undefined;
