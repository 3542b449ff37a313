import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../../libs/embedded/event-store/bin/embedded-event-store.mjs');

/** What a run that ended left behind. */
export type Ended = Readonly<{ code: number | null; stderr: string }>;

/** The embedded event store in a process of its own. */
export class EventStoreProcess {
  private stderr = '';
  private readonly ended: Promise<Ended>;

  private constructor(
    private readonly child: ChildProcess,
    readonly connectionString: Promise<string>,
  ) {
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr: this.stderr }));
  }

  /** Runs it on a folder, insecure, on any free port. @param limitBytes the largest file that it may write */
  static run(folder: string, limitBytes?: number): EventStoreProcess {
    if (!existsSync(main)) throw new Error('The event store is not built: npm test builds it, and so does npm run build');
    const command = [process.execPath, main, '--data', folder, '--port', '0', '--insecure'];
    // a signal that is ignored stays ignored: a write beyond the limit then fails, as one to a full disk does
    const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f ${Math.ceil((limitBytes ?? 0) / 512)}; exec "$@"`, 'sh', ...command];
    const [program, ...args] = (limitBytes === undefined ? command : limited) as [string, ...string[]];
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS'));
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const listening = new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /esdb:\/\/\S+/.exec(said);
        if (found) resolve(found[0]);
      });
      child.once('close', () => reject(new Error(`The event store ended before it listened: ${said}`)));
    });
    listening.catch(() => undefined);
    return new EventStoreProcess(child, listening);
  }

  /** What the system counts as its memory, in MiB. */
  get residentMiB(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))?.[1]) / 1024;
  }

  get end(): Promise<Ended> {
    return this.ended;
  }

  kill(): Promise<Ended> {
    this.child.kill('SIGKILL');
    return this.ended;
  }

  stop(): Promise<Ended> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
