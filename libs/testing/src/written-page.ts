import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Holds a page of docs/ to what the code says it is. `npm run docs` writes all such pages anew.
 * @throws AssertionError when the page is another one
 */
export const assertPage = (name: string, content: string): void => {
  const path = join(import.meta.dirname, '../../../docs', name);
  if (process.env.UPDATE_DOCS) writeFileSync(path, content);
  assert.equal(readFileSync(path, 'utf8'), content, `docs/${name} is stale: npm run docs writes it anew`);
};
