import { describe, expect, it } from '@jest/globals';
import { conditions, holds, MOST_CONDITIONS, type Conditions, type IncidentTraits } from './conditions.js';

const MAIL: IncidentTraits = {
  ...{ service: 'mail', category: null, priority: 'P1', channel: 'phone', major: false },
  reporterGroups: ['sales', 'works-council'],
};

describe('conditions', () => {
  it.each<[Conditions, boolean]>([
    [{}, true],
    [{ services: ['web', 'mail'] }, true],
    [{ services: ['web'] }, false],
    [{ services: ['mail'], priorities: ['P2'] }, false],
    [{ categories: ['Network'] }, false],
    [{ channels: ['phone'], priorities: ['P1'] }, true],
    [{ reporterGroups: ['finance', 'works-council'] }, true],
    [{ reporterGroups: ['finance'] }, false],
    [{ major: false }, true],
    [{ major: true }, false],
    [{ services: undefined, major: undefined }, true],
  ])('%j hold: %j', (when, expected) => expect(holds(when, MAIL)).toBe(expected));

  const names = (count: number) => Array.from({ length: count }, (_, n) => `name ${n}`);
  it.each<[unknown, string[]]>([
    [{}, []],
    [{ services: ['mail', 'mail'], channels: ['phone', 'phone'], reporterGroups: ['sales'], major: true }, []],
    [{ services: names(MOST_CONDITIONS) }, []],
    [{ services: names(MOST_CONDITIONS + 1), categories: [], priorities: 'P1' }, ['when.services', 'when.categories', 'when.priorities']],
    [{ services: ['mail', ' '], reporterGroups: ['x'.repeat(201)] }, ['when.services[1]', 'when.reporterGroups[0]']],
    [{ channels: ['pigeon'] }, ['when.channels']],
    [{ channels: [] }, ['when.channels']],
    [{ major: 'yes', colours: ['red'] }, ['when.colours', 'when.major']],
    [null, ['when']],
    [[], ['when']],
  ])('%j', (value, expected) => expect(conditions(value, 'when').map(({ field }) => field)).toEqual(expected));
});
