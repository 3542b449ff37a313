import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/program.js';

/** Beside the other caches of tools; `npm ci` clears it away, and the next test fills it again. */
const folder = join(root, 'node_modules/.cache/mongosh');
const packages = join(import.meta.dirname, 'packages');
const main = join(folder, 'node_modules/@mongosh/cli-repl/bin/mongosh.js');
const LOCK = 'package-lock.json';
/** The lock of the last installation that was finished. */
const DONE = join(folder, 'installed.json');

/** What a program that has ended left behind. */
export type Ended = Readonly<{ code: number | null; output: string; errors: string }>;

const run = async (command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Ended> => {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors };
};

/**
 * Installs the shell where it is not there yet, as its own lock says (docs/decisions/mongosh-has-a-lock-of-its-own.md).
 * @throws where the package registry cannot be reached
 */
export const installMongosh = async (): Promise<void> => {
  const lock = readFileSync(join(packages, LOCK), 'utf8');
  if (existsSync(DONE) && readFileSync(DONE, 'utf8') === lock) return;
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', LOCK]) copyFileSync(join(packages, name), join(folder, name));
  const args = ['ci', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, errors } = await run('npm', args, { cwd: folder, env: process.env });
  if (code !== 0) throw new Error(`mongosh could not be installed (npm ci in ${folder}); it needs the package registry once:\n${errors}`);
  writeFileSync(DONE, lock);
};

/** Gives mongosh one script, as somebody without any settings would. */
export const mongosh = async (uri: string, script: string): Promise<Ended> => {
  const home = mkdtempSync(join(tmpdir(), 'mongosh-home-'));
  try {
    const env = { PATH: process.env['PATH'], HOME: home, NO_COLOR: '1' };
    return await run(process.execPath, [main, uri, '--quiet', '--norc', '--json=relaxed', '--eval', script], { cwd: home, env });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};
