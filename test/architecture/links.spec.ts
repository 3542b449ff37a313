import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
];

/** What the guide of the architecture has its reader write. */
const TO_BE_ADDED = ['libs/domain/incident/src/add-watcher.ts'];

const textOf = (path: string) => readFileSync(join(root, path), 'utf8').replace(/^```[\s\S]*?^```/gm, '');

/** What GitHub makes of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (path: string) => [...textOf(path).matchAll(/^#+ (.*)$/gm)].map((found) => anchorOf(found[1] as string));

describe('the pages', () => {
  it.each(PAGES)('%s leads to what is there', (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map((found) => found[1] as string);
    const astray = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : relative(root, join(root, dirname(page), file));
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(astray).toEqual([]);
  });

  it.each(PAGES)('%s names files that are there', (page) => {
    const named = [...textOf(page).matchAll(/`((?:apps|libs|projections|test|docs|scripts)\/[\w./-]+)`/g)].map(
      (found) => found[1] as string,
    );
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual(page.endsWith('architecture.md') ? TO_BE_ADDED : []);
  });

  it('name no machine', () => {
    for (const page of PAGES)
      expect([page, /\/(work|root|tmp)\//.exec(readFileSync(join(root, page), 'utf8'))?.[0]]).toEqual([page, undefined]);
  });
});
