import { describe, expect, it } from '@jest/globals';
import { deciderSpec } from '#testing';
import { effectiveDated, versionAt, type DefinitionEvent, type EffectiveDated } from './effective-dated.js';
import { fold } from './decider.js';

type Colour = Readonly<{ name: string }>;
const colours = effectiveDated<'Colour', Colour>('Colour');
const [JAN, FEB, MAR, APR] = [
  '2026-01-01T00:00:00.000Z',
  '2026-02-01T00:00:00.000Z',
  '2026-03-01T00:00:00.000Z',
  '2026-04-01T00:00:00.000Z',
];

const defined = (version: number, effectiveFrom: string, name: string): DefinitionEvent<'Colour', Colour> => ({
  type: 'ColourDefined',
  data: { id: 'wall', version, effectiveFrom, definition: { name } },
});
const retired = (effectiveFrom: string): DefinitionEvent<'Colour', Colour> => ({
  type: 'ColourRetired',
  data: { id: 'wall', effectiveFrom, reason: 'Torn down' },
});
const state = (...events: DefinitionEvent<'Colour', Colour>[]): EffectiveDated<Colour> => fold(colours.decider, events);

const define = (name: string, now: string, effectiveFrom?: string) => ({
  id: 'wall',
  definition: { name },
  now,
  ...(effectiveFrom !== undefined && { effectiveFrom }),
});

describe('define', () => {
  const given = deciderSpec({ decide: colours.define, ...colours.decider });

  it('holds from now on where nothing is said', () =>
    given()
      .when(define('red', JAN))
      .then(defined(1, JAN, 'red')));
  it('lets the first version reach back', () =>
    given()
      .when(define('red', MAR, JAN))
      .then(defined(1, JAN, 'red')));
  it('lets no later one', () =>
    given(defined(1, JAN, 'red'))
      .when(define('blue', MAR, FEB))
      .thenRefused('EFFECTIVE_IN_PAST'));
  it('may be said ahead', () =>
    given(defined(1, JAN, 'red'))
      .when(define('blue', FEB, APR))
      .then(defined(2, APR, 'blue')));
  it('keeps the order of what was said ahead', () =>
    given(defined(1, JAN, 'red'), defined(2, APR, 'blue'))
      .when(define('green', FEB, MAR))
      .thenRefused('EFFECTIVE_BEFORE_LATEST'));
  it('replaces what was said ahead, where nothing else is said', () =>
    given(defined(1, JAN, 'red'), defined(2, APR, 'blue'))
      .when(define('green', FEB))
      .then(defined(3, APR, 'green')));
  it('has nothing to do where it says the same', () =>
    given(defined(1, JAN, 'red'))
      .when(define('red', FEB))
      .thenNothing());
  it('takes something back into use', () =>
    given(defined(1, JAN, 'red'), retired(FEB))
      .when(define('red', MAR))
      .then(defined(2, MAR, 'red')));
});

describe('retire', () => {
  const given = deciderSpec({ decide: colours.retire, ...colours.decider });
  const retire = { id: 'wall', reason: 'Torn down', now: MAR };

  it('takes it out of use', () =>
    given(defined(1, JAN, 'red'))
      .when(retire)
      .then(retired(MAR)));
  it('refuses what is not there', () => given().when(retire).thenRefused('DEFINITION_NOT_FOUND'));
  it('refuses what is out of use', () =>
    given(defined(1, JAN, 'red'), retired(FEB))
      .when(retire)
      .thenRefused('DEFINITION_RETIRED'));
  it('never reaches back', () =>
    given(defined(1, JAN, 'red'))
      .when({ ...retire, effectiveFrom: FEB })
      .thenRefused('EFFECTIVE_IN_PAST'));
});

describe('versionAt', () => {
  const at = (instant: string, ...events: DefinitionEvent<'Colour', Colour>[]) => versionAt(state(...events), instant)?.definition.name;

  it('is the one that holds then', () => {
    const events = [defined(1, FEB, 'red'), defined(2, MAR, 'blue')];
    expect([JAN, FEB, '2026-02-28T23:59:59.999Z', MAR, APR].map((instant) => at(instant, ...events))).toEqual([
      undefined,
      'red',
      'red',
      'blue',
      'blue',
    ]);
  });

  it('is none once it is retired, and again one when it is defined again', () => {
    expect(at(MAR, defined(1, JAN, 'red'), retired(FEB))).toBeUndefined();
    expect(at('2026-01-31T00:00:00.000Z', defined(1, JAN, 'red'), retired(FEB))).toBe('red');
    const again = [defined(1, JAN, 'red'), retired(FEB), defined(2, MAR, 'blue')];
    expect([JAN, FEB, MAR].map((instant) => at(instant, ...again))).toEqual(['red', undefined, 'blue']);
  });

  it('is the last one said of those that hold from the same instant on', () => {
    expect(at(MAR, defined(1, JAN, 'red'), defined(2, MAR, 'blue'), defined(3, MAR, 'green'))).toBe('green');
  });
});
