import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { assertPage } from '#testing';
import { PROBLEMS } from './problem-catalogue.js';
import { problemsHtml, problemsPage } from './problems-page.js';

const root = join(import.meta.dirname, '../../../..');

/** Folders whose refusals can reach a caller of the HTTP API. */
const FOLDERS = ['apps/api', 'libs', 'projections'];
/** Settings are read before anything listens; the embedded nodes speak other protocols. */
const ELSEWHERE = /^libs\/(config|embedded\/[^/]+|testing)\//;

const CODE = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g;
/** In capitals, and no codes of ours: Node's, Fastify's, and the names of settings. */
const NOT_A_CODE = /^(FST_|ERR_|FAULTLINE_|EVENTSTORE_URI|MONGODB_URI)/;

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter(
      (path) =>
        path.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(path) && !path.endsWith('problem-catalogue.ts') && !ELSEWHERE.test(path),
    ),
);

const codesInSources = new Set(
  sources
    .flatMap((path) => [...readFileSync(join(root, path), 'utf8').matchAll(CODE)].map((found) => found[1] as string))
    .concat('CONTENDED')
    .filter((code) => !NOT_A_CODE.test(code)),
);

describe('the catalogue of problems', () => {
  it('has every code that can be answered, and no other', () => {
    expect(Object.keys(PROBLEMS).sort()).toEqual([...codesInSources].sort());
  });

  it('is documented as it is', () => assertPage('problems.md', problemsPage()));

  it('has an anchor for each code, where the type of a Problem leads', () => {
    for (const code of Object.keys(PROBLEMS)) expect(problemsHtml()).toContain(`id="${code}"`);
  });
});
