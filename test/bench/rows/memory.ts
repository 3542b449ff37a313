import { readFileSync } from 'node:fs';
import { command, dataFolder } from '../../support/program.js';
import { compare, type Compared } from '../comparison.js';
import { generatedLog } from '../logs.js';

/** How often a process is asked for its memory, in milliseconds; the kernel keeps the peak itself. */
const LOOK_EACH_MS = 20;

/** The most memory that a process ever had resident, in MiB; `undefined` when it has ended. */
const peakMiB = (pid: number): number | undefined => {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) / 1_024 : undefined;
  } catch {
    return undefined;
  }
};

/** The peak of one import, views and embedded nodes included, in MiB. */
const peakOfImport = async (incidents: number): Promise<number> => {
  const [log, folder] = [await generatedLog(incidents), dataFolder()];
  let peak = 0;
  const { pid, finished } = command(folder.path, ['import', log.path, '--mapping', 'servicenow', '--json']);
  const looking = setInterval(() => (peak = peakMiB(pid) ?? peak), LOOK_EACH_MS);
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
