/**
 * `npm test`: sets the checkout up, then checks everything: formatting, lint, types, architecture, and all tests.
 * What follows `--` goes to Jest alone (a path, `-t name`), and leaves the other checks out.
 * Ends with one line `N passed, N failed` over checks and tests; exit code 1 where anything failed.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Runs a program; its output is shown when it fails. */
const check = async (title, command, args) => {
  const since = Date.now();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const passed = code === 0;
  console.log(`${passed ? 'pass' : 'FAIL'}  ${title} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  if (!passed) process.stdout.write(Buffer.concat(output));
  return passed;
};

const jest = async (args) => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-test-'));
  const report = join(folder, 'jest.json');
  const options = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`];
  const child = spawn(process.execPath, [...options, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.on('close', resolve));
  try {
    const { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken } = JSON.parse(readFileSync(report, 'utf8'));
    const faults = failed + broken;
    // an exit code that the counts do not explain (a leak, a crash in teardown) is a failure too
    return { passed, failed: faults === 0 && code !== 0 ? 1 : faults };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

setUp();
const asked = process.argv.slice(2);
let passed = 0;
let failed = 0;

if (asked.length === 0) {
  const checks = [
    ['formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
    ['types', bin('tsc'), ['-p', 'tsconfig.json', '--noEmit']],
    ['architecture', bin('depcruise'), ['apps', 'libs', 'projections', '--config', '.dependency-cruiser.cjs']],
    ['lint', bin('eslint'), ['.', '--max-warnings', '0']],
  ];
  for (const [title, command, args] of checks) {
    if (await check(title, command, args)) passed++;
    else failed++;
  }
}

const tests = await jest(asked);
passed += tests.passed;
failed += tests.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
