/** Makes a checkout ready to run: dependencies and build, each only where something changed. Standard library only. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync, cpSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inRoot = (...path) => join(root, ...path);

const MINIMUM_NODE = [20, 19];

const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a program in the checkout; what it prints goes to standard error, so that standard output stays the command's own. */
const run = (command, args) => {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error || status !== 0) {
    say(`faultline: ${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ` with exit code ${status}`}`);
    process.exit(1);
  }
};

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'dist' && entry.name !== 'node_modules') yield* filesBelow(path);
    else if (entry.isDirectory()) continue;
    else yield path;
  }
}

/** What a step was last done for; done again only when that changes. */
const onceFor = (stamp, fingerprint, title, work) => {
  const path = inRoot(stamp);
  if (existsSync(path) && readFileSync(path, 'utf8') === fingerprint) return;
  const since = Date.now();
  say(`faultline: ${title} …`);
  work();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, fingerprint);
  say(`faultline: ${title}: done in ${((Date.now() - since) / 1000).toFixed(1)} s`);
};

const SOURCES = ['apps', 'libs', 'projections'];
/** Files that the program reads beside its code; the compiler does not carry them over. */
const CARRIED_OVER = /\.yaml$/;

const sourceFingerprint = () => {
  const hash = createHash('sha256');
  for (const path of [
    ...SOURCES.flatMap((folder) => [...filesBelow(inRoot(folder))]),
    inRoot('tsconfig.json'),
    inRoot('tsconfig.build.json'),
  ]) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${relative(root, path)}\n${mtimeMs}\n${size}\n`);
  }
  return hash.digest('hex');
};

const build = () => {
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.build.json']);
  for (const folder of SOURCES) {
    for (const path of filesBelow(inRoot(folder))) {
      if (CARRIED_OVER.test(path)) cpSync(path, inRoot('dist', relative(root, path)));
    }
  }
};

/** Installs and builds what is missing or out of date. Quick when nothing changed: one look at each source file. */
export const setUp = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    say(`faultline: needs Node.js ${MINIMUM_NODE.join('.')} or newer; this is ${process.versions.node}`);
    process.exit(1);
  }
  const lock = createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
  // running inside an image that was built with its dependencies and its build, there is nothing to set up
  if (existsSync(inRoot('dist/.image'))) return;
  onceFor('node_modules/.faultline-installed', lock, 'installing dependencies', () =>
    run('npm', ['ci', '--no-progress', '--loglevel=error']),
  );
  onceFor('dist/.faultline-built', sourceFingerprint(), 'building', build);
};
