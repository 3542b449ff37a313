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
  const [written, right] = [readFileSync(path, 'utf8').split('\n'), content.split('\n')];
  // a page is long: the first line that differs says enough
  const line = right.findIndex((text, index) => text !== written[index]);
  const first = line < 0 ? right.length : line;
  assert.equal(written[first], right[first], `docs/${name} is stale from line ${first + 1}: npm run docs writes it anew`);
};
