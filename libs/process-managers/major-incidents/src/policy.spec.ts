import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { parseMajorIncidentPolicy } from './policy.js';

describe('a policy about major incidents', () => {
  it('may go by one sign', () =>
    expect(parseMajorIncidentPolicy({ name: 'Spreads', rank: 1, childrenAtLeast: 3 })).toEqual({
      ...{ name: 'Spreads', rank: 1, when: {}, childrenAtLeast: 3 },
      ...{ criticalities: null, risks: null, dataAtRisk: null },
    }));

  it.each([
    [{}, ['when']],
    [{ childrenAtLeast: 0 }, ['childrenAtLeast']],
    [{ childrenAtLeast: 10_001 }, ['childrenAtLeast']],
    [{ risks: ['boredom'] }, ['risks']],
    [{ risks: [] }, ['risks']],
    [{ risks: ['security', 'security'] }, []],
    [{ criticalities: [] }, ['criticalities']],
    [{ criticalities: ['critical', ''], dataAtRisk: Array(21).fill('payment') }, ['criticalities[1]', 'dataAtRisk']],
    [{ when: { priorities: ['P1'] } }, []],
    [{ childrenAtLeast: 2, colour: 1 }, ['colour']],
  ])('%j is told what is wrong with it', (more, expected) =>
    expect(faultyFields('MAJOR_INCIDENT_POLICY_INVALID', () => parseMajorIncidentPolicy({ name: 'x', rank: 1, ...more }))).toEqual(
      expected,
    ),
  );
});
