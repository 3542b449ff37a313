import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * An embedded node in a process of its own, started from the build.
 * @param bin its command, below the checkout; it says its connection string, which `uri` finds, once it can be reached
 */
export const startNode = async (bin, args, uri) => {
  const main = join(root, bin);
  if (!existsSync(join(dirname(main), '../dist'))) throw new Error('The node is not built: npm run build');
  const since = performance.now();
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const found = await new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const shown = uri.exec(said);
      if (shown) resolve(shown[0]);
    });
    child.once('exit', (code) => reject(new Error(`The node ended with ${code}`)));
  });
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  };
  const inProc = (name) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  /** Memory, as proc(5) names it: `VmRSS` is all that is resident, `RssAnon` its own, without pages of files. */
  const memoryMiB = (field) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(inProc('status'))?.[1]) / 1024;
  // proc(5) stat counts in hundredths of a second; 14 and 15 are the fields of user and system time, counted behind the name
  const cpuMicros = () => {
    const fields = inProc('stat').split(') ').at(-1).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  };
  return { uri: found, stop, memoryMiB, cpuMicros, startedInMs: performance.now() - since };
};
