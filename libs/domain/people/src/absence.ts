import { IllegalTransition, NotFound, wrongField } from '#kernel';
import { DAY_MS } from '#domain/local-time';
import { PEOPLE_LIMITS } from './limits.js';
import type { PersonEvent, PersonTimeline } from './person-timeline.js';

/** Somebody is, or will be, away from `from` until `to`. Instants are ISO 8601, UTC. */
export type ReportAbsence = Readonly<{ id: string; absenceId: string; from: string; to: string; reason: string; now: string }>;

/** Somebody is back before their absence is over: at `at`, or now. */
export type EndAbsence = Readonly<{ id: string; absenceId: string; at?: string; now: string }>;

const isAfter = (instant: string, other: string): boolean => Date.parse(instant) > Date.parse(other);

/**
 * Says that somebody is away. It may have begun, for illness is told afterwards; it must not be over, for then it matters to nobody.
 * Absences may overlap: somebody falls ill on a holiday.
 * @throws NotFound PERSON_NOT_FOUND
 * @throws InvalidInput ABSENCE_ENDS_BEFORE_IT_BEGINS, ABSENCE_TOO_LONG, ABSENCE_IN_PAST
 * @throws IllegalTransition ABSENCE_ID_TAKEN, ABSENCES_TOO_MANY
 */
export const reportAbsence = ({ id, absenceId, from, to, reason, now }: ReportAbsence, person: PersonTimeline): PersonEvent[] => {
  if (person.versions.length === 0) throw new NotFound('PERSON_NOT_FOUND', 'Nobody is defined under that id');
  const known = person.absences.find((absence) => absence.absenceId === absenceId);
  if (known?.from === from && known.to === to && known.reason === reason) return [];
  if (known) throw new IllegalTransition('ABSENCE_ID_TAKEN', `${absenceId} is another absence of theirs: give this one an id of its own`);

  if (!isAfter(to, from)) throw wrongField('ABSENCE_ENDS_BEFORE_IT_BEGINS', 'to', 'is after from');
  if (Date.parse(to) - Date.parse(from) > PEOPLE_LIMITS.absenceDays * DAY_MS)
    throw wrongField('ABSENCE_TOO_LONG', 'to', `is at most ${PEOPLE_LIMITS.absenceDays} days after from`);
  if (!isAfter(to, now)) throw wrongField('ABSENCE_IN_PAST', 'to', `is after now (${now}): an absence that is over matters to nobody`);
  if (person.absences.filter((absence) => isAfter(absence.to, now)).length >= PEOPLE_LIMITS.absencesAhead)
    throw new IllegalTransition('ABSENCES_TOO_MANY', `They have ${PEOPLE_LIMITS.absencesAhead} absences ahead: end one of them first`);
  return [{ type: 'PersonAbsent', data: { id, absenceId, from, to, reason } }];
};

/**
 * Says that somebody is back early; before it began, that they do not go. One that lasts longer is another absence.
 * @throws NotFound ABSENCE_NOT_FOUND
 * @throws IllegalTransition ABSENCE_OVER
 * @throws InvalidInput ABSENCE_END_NOT_EARLIER
 */
export const endAbsence = ({ id, absenceId, now, at = now }: EndAbsence, person: PersonTimeline): PersonEvent[] => {
  const absence = person.absences.find((each) => each.absenceId === absenceId);
  if (!absence) throw new NotFound('ABSENCE_NOT_FOUND', 'They have no absence under that id');
  if (at === absence.to) return [];
  if (!isAfter(absence.to, now)) throw new IllegalTransition('ABSENCE_OVER', `It has been over since ${absence.to}`);
  if (!isAfter(absence.to, at))
    throw wrongField(
      'ABSENCE_END_NOT_EARLIER',
      'at',
      `is before the end it has (${absence.to}): to be away longer, report another absence`,
    );
  return [{ type: 'AbsenceEnded', data: { id, absenceId, at } }];
};
