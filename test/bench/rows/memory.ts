import { readFileSync } from 'node:fs';
import { command, dataFolder } from '../../support/program.js';
import { compare, type Compared } from '../comparison.js';
import { generatedLog } from '../logs.js';

/** How often a process is asked for its memory, in milliseconds. */
const LOOK_EACH_MS = 20;

/**
 * The memory of its own that a process has resident, in MiB; 0 when it has ended. Pages of the data files, which the embedded engines map,
 * are not counted: they are the system's cache of the disk, and it takes them back as it needs them.
 */
const residentMiB = (pid: number): number => {
  try {
    const found = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) / 1_024 : 0;
  } catch {
    return 0;
  }
};

/** The peak of one import, views and embedded nodes included, in MiB. */
const peakOfImport = async (incidents: number): Promise<number> => {
  const [log, folder] = [await generatedLog(incidents), dataFolder()];
  let peak = 0;
  const { pid, finished } = command(folder.path, ['import', log.path, '--mapping', 'servicenow', '--json']);
  const looking = setInterval(() => (peak = Math.max(peak, residentMiB(pid))), LOOK_EACH_MS);
  try {
    const { code, stderr } = await finished;
    if (code !== 0) throw new Error(`The import ended with ${code}\n${stderr}`);
    return peak;
  } finally {
    clearInterval(looking);
    log.remove();
    folder.remove();
  }
};

export const residentMemory = ({ incidents }: { incidents: number }): Promise<Compared> =>
  compare({
    what: `peak memory, import of ${10 * incidents} incidents`,
    against: `import of ${incidents}`,
    unit: 'MiB',
    goal: { atMost: 1.2 },
    rounds: 1,
    round: async () => [await peakOfImport(10 * incidents), await peakOfImport(incidents)],
  });
