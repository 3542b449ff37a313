import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { CommandHandler, QueryHandler } from '@nestjs/cqrs';
import { commandHandlers, queryHandlers } from '../../apps/api/src/index.js';

/** What the bus finds a handler by. A second handler of the same command would take the place of the first without a word. */
const handled = (handler: object): unknown => {
  const key = Reflect.getMetadataKeys(handler).find((name: unknown) => /^__(command|query)Handler__$/.test(String(name))) as
    string | undefined;
  return key === undefined ? undefined : Reflect.getMetadata(key, handler);
};

describe.each([
  ['command', commandHandlers],
  ['query', queryHandlers],
])('every %s handler', (_, handlers) => {
  it('is the only one of what it handles', () => {
    const all = handlers.map(handled);
    expect(all).not.toContain(undefined);
    expect(new Set(all).size).toBe(handlers.length);
  });
});

it('would be seen where there were two', () => {
  class Same {}
  @CommandHandler(Same)
  class First {}
  @CommandHandler(Same)
  class Second {}
  @QueryHandler(Same as never)
  class Asked {}
  expect(handled(First)).toBe(handled(Second));
  expect(handled(Asked)).toBe(Same);
});
