import { describe, expect, it } from '@jest/globals';
import type { Consumer } from './consumer.js';
import { strategyOf } from './consumer-strategy.js';
import type { Message } from './message.js';

const consumer = (id: string, hasRoom = true) => ({ id, hasRoom }) as Consumer;
const message = (pin: string) => ({ pin }) as Message;
const chosen = (name: string, consumers: readonly Consumer[], pins: readonly string[]) => {
  const strategy = strategyOf(name);
  return pins.map((pin) => strategy(message(pin), consumers)?.id);
};
const pins = Array.from({ length: 400 }, (_, n) => `stream-${n}`);
const [a, b, c] = [consumer('a'), consumer('b'), consumer('c')];
const full = (id: string) => consumer(id, false);

describe('RoundRobin', () => {
  it('goes round, past those who are full', () => {
    expect(chosen('RoundRobin', [a, b, c], ['', '', '', ''])).toEqual(['a', 'b', 'c', 'a']);
    expect(chosen('RoundRobin', [a, full('b'), c], ['', '', ''])).toEqual(['a', 'c', 'a']);
    expect(chosen('RoundRobin', [full('a')], [''])).toEqual([undefined]);
  });

  it('goes on when one has left', () => {
    const strategy = strategyOf('RoundRobin');
    expect([strategy(message(''), [a, b, c])?.id, strategy(message(''), [b, c])?.id, strategy(message(''), [b, c])?.id]).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});

describe('DispatchToSingle', () => {
  it('takes the first that has room', () => {
    expect(chosen('DispatchToSingle', [a, b], ['', ''])).toEqual(['a', 'a']);
    expect(chosen('DispatchToSingle', [full('a'), b], [''])).toEqual(['b']);
  });
});

describe.each(['Pinned', 'PinnedByCorrelation'])('%s', (name) => {
  it('gives what belongs together to one, and shares the rest out', () => {
    const first = chosen(name, [a, b, c], pins);
    expect(chosen(name, [a, b, c], pins)).toEqual(first);
    for (const id of ['a', 'b', 'c']) expect(first.filter((other) => other === id).length).toBeGreaterThan(80);
  });

  it('waits for the one that it belongs to', () => {
    const first = chosen(name, [a, b], pins);
    expect(chosen(name, [full('a'), b], pins)).toEqual(first.map((id) => (id === 'a' ? undefined : id)));
  });

  it('moves no more than it must when one comes or goes', () => {
    const [two, three] = [chosen(name, [a, b], pins), chosen(name, [a, b, c], pins)];
    expect(three.every((id, n) => id === 'c' || id === two[n])).toBe(true);
  });
});
