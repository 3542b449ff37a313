import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { OFFICE_HOURS, person } from './people.fixture.js';
import { parsePerson } from './person.js';

const faultsOf = (more: object): string[] => faultyFields('PERSON_INVALID', () => person(more));

describe('a person', () => {
  it('needs little', () =>
    expect(person()).toEqual({
      name: 'Ada Lovelace',
      email: 'ada@example.org',
      language: 'en',
      timeZone: 'Europe/Berlin',
      roles: [],
      skills: [],
    }));
  it('has everything that can be said of one', () => {
    const whole = {
      phone: '+49 (0)30 1234-56',
      language: 'de-AT',
      roles: ['technical-support', 'incident-manager'],
      skills: ['routing', 'Oracle databases'],
      workingHours: OFFICE_HOURS,
      capacity: 5,
      manager: 'grace-hopper',
    };
    expect(person(whole)).toEqual({ ...person(), ...whole, workingHours: { ...OFFICE_HOURS, saturday: [], sunday: [] } });
  });
  it('speaks a language by its canonical name', () => {
    expect([person({ language: 'de-at' }), person({ language: 'zh-hant-tw' })].map(({ language }) => language)).toEqual([
      'de-AT',
      'zh-Hant-TW',
    ]);
  });
  it('that is none is told everything at once', () => {
    expect(() => parsePerson(null)).toThrow('name is a text');
    expect(faultsOf({ name: '', language: 'de_DE', timeZone: 'Berlin', rank: 'chief' })).toEqual(['rank', 'name', 'language', 'timeZone']);
  });

  it.each(['ada@example.org', 'a.b+c@localhost', "o'neil@mail.example.co.uk", `${'x'.repeat(64)}@example.org`])(
    'has the address %s',
    (email) => expect(faultsOf({ email })).toEqual([]),
  );
  it.each([
    'ada',
    '@example.org',
    'ada@',
    'ada@example..org',
    'ada@-example.org',
    'ada@exam ple.org',
    'ada@example.org\nBcc: all@example.org',
    'Ada <ada@example.org>',
    `${'x'.repeat(65)}@example.org`,
    `ada@${'x'.repeat(63)}.${'x'.repeat(63)}.${'x'.repeat(63)}.${'x'.repeat(63)}`,
    7,
  ])('does not have the address %j', (email) => expect(faultsOf({ email })).toEqual(['email']));

  it.each([
    [{ phone: 'extension four' }, ['phone']],
    [{ language: '' }, ['language']],
    [{ language: ['en'] }, ['language']],
    [{ timeZone: '+01:00' }, ['timeZone']],
    [{ roles: ['chief'] }, ['roles[0]']],
    [{ skills: ['routing', 'routing'] }, ['skills[1]']],
    [{ workingHours: {} }, ['workingHours']],
    [{ workingHours: { monday: [{ from: '22:00', to: '06:00' }] } }, ['workingHours.monday[0]']],
    [{ capacity: -1 }, ['capacity']],
    [{ manager: 'Grace Hopper' }, ['manager']],
  ])('%j is told what is wrong with it', (more, expected) => expect(faultsOf(more)).toEqual(expected));
});
