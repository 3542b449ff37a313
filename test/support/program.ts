import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The checkout: its tests run from their sources, its benches from a build below it. */
const checkoutAbove = (folder: string): string => (existsSync(join(folder, 'package.json')) ? folder : checkoutAbove(dirname(folder)));
export const root = checkoutAbove(import.meta.dirname);
const main = join(root, 'dist/apps/cli/src/main.js');

/** What a finished run of the command left behind. */
export type Finished = Readonly<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;

const environmentOf = (folder: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FAULTLINE_|EVENTSTORE_|MONGODB_|NODE_OPTIONS$)/.test(name));
  // a site that a test counts the events of begins with nothing, where the test does not say otherwise
  return {
    ...Object.fromEntries(inherited),
    FAULTLINE_SEED: 'none',
    FAULTLINE_DATA: folder,
    FAULTLINE_PORT: '0',
    FAULTLINE_LOG_LEVEL: 'warn',
    ...extra,
  };
};

const launch = (folder: string, args: readonly string[], extra: Readonly<Record<string, string>>): ChildProcess => {
  if (!existsSync(main)) throw new Error('The program is not built: npm test builds it, and so does npm run build');
  return spawn(process.execPath, [main, ...args], { cwd: root, env: environmentOf(folder, extra), stdio: ['ignore', 'pipe', 'pipe'] });
};

/** A folder of its own for one program, gone when the test is over. */
export const dataFolder = (): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'faultline-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

const collect = (child: ChildProcess): { stdout: () => string; stderr: () => string } => {
  const chunks = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (chunks.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (chunks.stderr += chunk.toString()));
  return { stdout: () => chunks.stdout, stderr: () => chunks.stderr };
};

/** A command under way: it may be killed before it ends. */
export type Command = Readonly<{ pid: number; finished: Promise<Finished>; kill: () => void }>;

/** Runs `faultline ARGS` on a data folder. */
export const command = (folder: string, args: readonly string[], extra: Readonly<Record<string, string>> = {}): Command => {
  const child = launch(folder, args, extra);
  const output = collect(child);
  const finished = once(child, 'close').then(([code, signal]): Finished => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout: output.stdout(),
    stderr: output.stderr(),
  }));
  return { pid: child.pid as number, finished, kill: () => void child.kill('SIGKILL') };
};

/** Runs `faultline ARGS --json` to its end and gives what it printed. @throws when it does not end with 0 */
export const json = async <Answer>(folder: string, args: readonly string[], extra?: Readonly<Record<string, string>>): Promise<Answer> => {
  const { code, stdout, stderr } = await command(folder, [...args, '--json'], extra).finished;
  if (code !== 0) throw new Error(`faultline ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  return JSON.parse(stdout) as Answer;
};

/** A running server. */
export type Server = Readonly<{
  url: string;
  pid: number;
  exited: Promise<Finished>;
  kill: () => Promise<void>;
  stop: () => Promise<Finished>;
}>;

/** Starts `faultline start` on a data folder and waits until it answers that it is ready. */
export const start = async (folder: string, extra: Readonly<Record<string, string>> = {}): Promise<Server> => {
  const child = launch(folder, ['start'], extra);
  const output = collect(child);
  const exited = once(child, 'close').then(([code, signal]): Finished => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout: output.stdout(),
    stderr: output.stderr(),
  }));

  const url = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output.stdout());
      if (found) resolve(found[0]);
    };
    child.stdout?.on('data', look);
    void exited.then(({ code, stdout, stderr }) =>
      reject(new Error(`The program ended with ${code} before it listened\n${stdout}\n${stderr}`)),
    );
  });
  await until(async () => (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok === true, 30_000);

  return {
    url,
    pid: child.pid as number,
    exited,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
};

/** Waits for a condition, looking every few milliseconds. @throws when it does not hold in time */
export const until = async (condition: () => Promise<boolean> | boolean, limitMs = 10_000): Promise<void> => {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`It did not come to hold within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
