import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './program.js';
import { difference, missingLine, parseShown } from './shown-output.js';

const root = join(import.meta.dirname, '../..');

/** Commands that a page shows, and what it says that they print: JSON laid out for reading, or text. */
type Example = Readonly<{ line: number; commands: string; shown?: Readonly<{ kind: string; text: string }> }>;

const BLOCK = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** The `sh` blocks of a page, each with the `json`, `jsonc`, `http` or `text` block behind it, where there is one. */
const examplesOf = (markdown: string): Example[] => {
  const blocks = [...markdown.matchAll(BLOCK)].map((found) => ({
    kind: found[1] as string,
    text: (found[2] as string).trimEnd(),
    line: markdown.slice(0, found.index).split('\n').length,
  }));
  return blocks.flatMap(({ kind, text, line }, n): Example[] => {
    if (kind !== 'sh') return [];
    const next = blocks[n + 1];
    const isShown = next !== undefined && ['json', 'jsonc', 'http', 'text'].includes(next.kind);
    return [{ line, commands: text, ...(isShown && { shown: next }) }];
  });
};

/** JSON documents, one a line or one over several lines. */
const documentsOf = (printed: string): unknown[] => {
  const text = printed.trim();
  try {
    return [JSON.parse(text)];
  } catch {
    return text.split('\n').map((line) => JSON.parse(line) as unknown);
  }
};

/** @throws AssertionError where something else was printed than the page shows */
const assertShown = ({ line, commands, shown }: Example, printed: string, since: number): void => {
  if (!shown) return;
  const isJson = shown.kind.startsWith('json');
  const fault = isJson
    ? difference(shown.text.split(/\n\n+/).map(parseShown), documentsOf(printed), since)
    : missingLine(shown.text, printed.trimEnd(), since);
  assert.equal(fault, undefined, `line ${line}: ${commands}\nprints\n${printed}\n${isJson ? '' : 'and not '}${fault}`);
};

/** One shell, as a reader would have it open: what one command sets, the next ones know. */
class Shell {
  readonly #process;
  #printed = '';
  #errors = '';

  constructor(environment: Readonly<Record<string, string>>) {
    this.#process = spawn('bash', ['--noprofile', '--norc'], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#process.stdout.on('data', (chunk: Buffer) => (this.#printed += chunk.toString()));
    this.#process.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
  }

  /** What the commands print. @throws where the last one of them fails */
  async run(commands: string): Promise<string> {
    const mark = randomUUID();
    this.#printed = this.#errors = '';
    this.#process.stdin.write(`${commands}\nprintf '%s %s\\n' ${mark} "$?"\n`);
    for (;;) {
      const [printed, status] = this.#printed.split(`${mark} `);
      if (status?.endsWith('\n')) {
        assert.equal(status, '0\n', `${commands}\nfails: ${this.#errors}\n${printed}`);
        return printed as string;
      }
      await once(this.#process.stdout, 'data');
    }
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    if (this.#process.exitCode === null) await once(this.#process, 'close');
  }
}

/** The last place in the log that an answer tells of. */
const placeIn = (printed: string): bigint => {
  const places = [...printed.matchAll(/position"?:\s*"?(\d+)/gi)].map((found) => BigInt(found[1] as string));
  return places.reduce((most, place) => (place > most ? place : most), -1n);
};

/** How far the view is that is furthest behind. */
const leastPosition = async (url: string): Promise<bigint> => {
  const { views } = (await (await fetch(`${url}/health`)).json()) as { views: { position: string }[] };
  return views.map(({ position }) => BigInt(position)).reduce((least, position) => (position < least ? position : least));
};

/**
 * Runs every example of a page against a running server, in order, and compares. Between two of them it waits for the views, as a reader's
 * own pace does.
 * @param path of the page, from the root of the checkout
 * @throws AssertionError at the first example that is not as shown
 */
export const runPage = async (path: string, server: Readonly<{ url: string; folder: string }>): Promise<number> => {
  const since = Date.now();
  const { port } = new URL(server.url);
  const examples = examplesOf(readFileSync(join(root, path), 'utf8').replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`));
  const shell = new Shell({ FAULTLINE_DATA: server.folder, FAULTLINE_PORT: port });
  try {
    for (const example of examples) {
      const printed = await shell.run(example.commands);
      assertShown(example, printed, since);
      const place = placeIn(printed);
      await until(async () => (await leastPosition(server.url)) >= place);
    }
  } finally {
    await shell.close();
  }
  return examples.length;
};
