import { describe, expect, it } from '@jest/globals';
import { difference, missingLine, parseShown } from './shown-output.js';

const START = Date.parse('2026-06-01T00:00:00Z');
const compare = (shown: string, printed: unknown) => difference(parseShown(shown), printed, START);

describe('JSON that a page shows', () => {
  it('is what was printed, but for what is made anew each time', () => {
    const shown = '{ "id": "413c72b9-ad72-8f55-b90b-1c0834871f57", "position": "17", "recordedAt": "2026-01-02T00:00:00Z", "n": 1 }';
    const printed = { id: '00000000-0000-8000-8000-000000000000', position: '4711', recordedAt: '2026-06-01T00:00:01.000Z', n: 1 };
    expect(compare(shown, printed)).toBeUndefined();
  });

  it.each([
    ['another value', '{ "a": { "n": 1 } }', { a: { n: 2 } }, '.a.n is shown as 1, and is 2'],
    ['a field that is not there', '{ "n": 1 }', {}, '.n is shown as 1, and is undefined'],
    ['a field that is not shown', '{ "n": 1 }', { n: 1, m: 2 }, '.m is not shown, and is 2'],
    ['another item', '["a"]', ['a', 'b'], 'the answer is shown as ["a"], and is ["a","b"]'],
    [
      'another instant of the past',
      '{ "at": "2026-01-02T00:00:00Z" }',
      { at: '2026-01-03T00:00:00Z' },
      expect.stringContaining('.at is shown'),
    ],
    ['a number that is no place in the log', '{ "port": "17" }', { port: '18' }, '.port is shown as "17", and is "18"'],
    ['no id where one is shown', '{ "id": "413c72b9-ad72-8f55-b90b-1c0834871f57" }', { id: 'x' }, expect.stringContaining('.id is shown')],
  ])('is not %s', (_, shown, printed, fault) => expect(compare(shown, printed)).toEqual(fault));

  it('may be a part, where it says so', () => {
    expect(compare('{ "list": [1, // …\n], // …\n}', { list: [1, 2], more: true })).toBeUndefined();
    expect(compare('{ "n": 1, // …\n "m": 2 }', { n: 1, m: 2, o: 3 })).toBeUndefined();
    expect(compare('{ "url": "http://x", // …\n}', { url: 'http://y', o: 3 })).toBe('.url is shown as "http://x", and is "http://y"');
  });
});

describe('text that a page shows', () => {
  const printed = 'ETag: "1"\nFaultline-Position: 4711\nDate: now\n\n{"a":1}';

  it('is what was printed, line by line', () => {
    expect(missingLine('ETag: "1"\nFaultline-Position: 17\n…\n{"a":1}', printed, START)).toBeUndefined();
    expect(missingLine('ETag: "1"\n…', printed, START)).toBeUndefined();
    expect(missingLine('ETag: …\n…\n{"a":…', printed, START)).toBeUndefined();
  });

  it('is not another line, nor a line less', () => {
    expect(missingLine('ETag: "2"\n…', printed, START)).toBe('ETag: "2"');
    expect(missingLine('ETag: "1"\nDate: now\n…', printed, START)).toBe('Date: now');
    expect(missingLine('ETag: "1"', printed, START)).toContain('Faultline-Position: 4711');
  });
});
