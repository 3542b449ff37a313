import { expect, it as jestIt } from '@jest/globals';
import { failureOf, type Target } from './target.js';

/** How a part of the contract is written down: like any test, and against whatever target is being tried. */
export interface Contract {
  it: (name: string, test: () => Promise<void>) => void;
  target: () => Target;
}

/** Where a product differs from MongoDB: what it does, the page that says what is right, and the tests that show it. */
export interface Difference {
  does: string;
  documentation: string;
  /** Beginnings of full test names. */
  tests: readonly string[];
}

const differs = (differences: readonly Difference[], name: string): boolean =>
  differences.some(({ tests }) => tests.some((beginning) => name.startsWith(beginning)));

/**
 * Tests are the same for every target. Those in which FerretDB is known to differ must fail on it, so that the list of differences stays
 * true.
 */
export const contract = (target: () => Target, ferretdb: readonly Difference[]): Contract => ({
  target,
  it: (name, test) =>
    jestIt(name, async () => {
      const fullName = (expect.getState().currentTestName ?? '').replace(/^\S+ \S+( node)? /, '');
      if (target().product === 'FerretDB' && differs(ferretdb, fullName)) await failureOf(test());
      else await test();
    }),
});
