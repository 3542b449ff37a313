import { describe, expect, it } from '@jest/globals';
import { deciderSpec } from '#testing';
import { endAbsence, reportAbsence } from './absence.js';
import { PEOPLE_LIMITS } from './limits.js';
import { absent, defined, timeline } from './people.fixture.js';
import { people, type PersonEvent } from './person-timeline.js';

const day = (n: number) => new Date(Date.UTC(2026, 6, n)).toISOString();
const NOW = day(10);
const ended = (absenceId: string, at: string): PersonEvent => ({ type: 'AbsenceEnded', data: { id: 'ada', absenceId, at } });
const HOLIDAY = absent('ada', 'a1', day(20), day(30));

describe('reporting an absence', () => {
  const given = deciderSpec({ decide: reportAbsence, ...people.decider });
  const away = (from: string, to: string, absenceId = 'a1') => ({ id: 'ada', absenceId, from, to, reason: 'holiday', now: NOW });

  it('says from when until when', () =>
    given(defined('ada'))
      .when(away(day(20), day(30)))
      .then(HOLIDAY));
  it('may come after it has begun', () =>
    given(defined('ada'))
      .when(away(day(9), day(12)))
      .then(absent('ada', 'a1', day(9), day(12))));
  it('may come while another one is known for that time', () =>
    given(defined('ada'), HOLIDAY)
      .when(away(day(25), day(35), 'a2'))
      .then(absent('ada', 'a2', day(25), day(35))));
  it('twice is nothing new', () =>
    given(defined('ada'), HOLIDAY)
      .when(away(day(20), day(30)))
      .thenNothing());

  it('is of somebody', () =>
    given()
      .when(away(day(20), day(30)))
      .thenRefused('PERSON_NOT_FOUND'));
  it('has an id of its own', () =>
    given(defined('ada'), HOLIDAY)
      .when(away(day(20), day(31)))
      .thenRefused('ABSENCE_ID_TAKEN'));
  it('ends after it begins', () =>
    given(defined('ada'))
      .when(away(day(20), day(20)))
      .thenRefused('ABSENCE_ENDS_BEFORE_IT_BEGINS'));
  it('ends some day', () => {
    const longest = day(20 + PEOPLE_LIMITS.absenceDays);
    given(defined('ada'))
      .when(away(day(20), longest))
      .then(absent('ada', 'a1', day(20), longest));
    given(defined('ada'))
      .when(away(day(20), day(21 + PEOPLE_LIMITS.absenceDays)))
      .thenRefused('ABSENCE_TOO_LONG');
  });
  it('is not over', () =>
    given(defined('ada'))
      .when(away(day(5), NOW))
      .thenRefused('ABSENCE_IN_PAST'));
  it('is not one too many', () => {
    const ahead = Array.from({ length: PEOPLE_LIMITS.absencesAhead }, (_, n) => absent('ada', `b${n}`, day(11 + n), day(12 + n)));
    given(defined('ada'), ...ahead)
      .when(away(day(20), day(30)))
      .thenRefused('ABSENCES_TOO_MANY');
    given(defined('ada'), absent('ada', 'old', day(1), day(2)), ...ahead.slice(1))
      .when(away(day(20), day(30)))
      .then(HOLIDAY);
  });
});

describe('ending an absence', () => {
  const given = deciderSpec({ decide: endAbsence, ...people.decider });
  const back = (now: string, at?: string) => ({ id: 'ada', absenceId: 'a1', now, ...(at !== undefined && { at }) });

  it('is now, or when somebody says', () => {
    given(defined('ada'), HOLIDAY)
      .when(back(day(22)))
      .then(ended('a1', day(22)));
    given(defined('ada'), HOLIDAY)
      .when(back(day(22), day(25)))
      .then(ended('a1', day(25)));
  });
  it('before it begins means that they do not go', () => given(defined('ada'), HOLIDAY).when(back(NOW)).then(ended('a1', NOW)));
  it('can be said again, earlier', () =>
    given(defined('ada'), HOLIDAY, ended('a1', day(25)))
      .when(back(day(22), day(23)))
      .then(ended('a1', day(23))));
  it('when it ends anyway is nothing new', () =>
    given(defined('ada'), HOLIDAY)
      .when(back(NOW, day(30)))
      .thenNothing());

  it('is of one that there is', () => given(defined('ada')).when(back(NOW)).thenRefused('ABSENCE_NOT_FOUND'));
  it('is of one that is not over', () => {
    given(defined('ada'), HOLIDAY)
      .when(back(day(31)))
      .thenRefused('ABSENCE_OVER');
    given(defined('ada'), HOLIDAY, ended('a1', day(22)))
      .when(back(day(23)))
      .thenRefused('ABSENCE_OVER');
  });
  it('is no extension', () =>
    given(defined('ada'), HOLIDAY)
      .when(back(day(22), day(31)))
      .thenRefused('ABSENCE_END_NOT_EARLIER'));
});

it('absences are kept beside what holds of a person', () => {
  const state = timeline(defined('ada'), HOLIDAY, defined('ada', undefined, 2, day(5)), ended('a1', day(25)));
  expect(state.versions.map(({ version }) => version)).toEqual([1, 2]);
  expect(state.absences).toEqual([{ absenceId: 'a1', from: day(20), to: day(25), reason: 'holiday' }]);
});
