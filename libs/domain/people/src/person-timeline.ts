import { effectiveDated, eventCatalogue, type Decider, type DefinitionEvent, type EffectiveDated, type Event } from '#kernel';
import type { Person } from './person.js';

/** A person's stream: `person-ada`. */
export const PERSON_STREAM_PREFIX = 'person-';

/** What happens to a person: what holds of them changes, and they are away from day to day. Instants are ISO 8601, UTC; `to` is exclusive. */
export type PersonEvent =
  | DefinitionEvent<'Person', Person>
  | Event<'PersonAbsent', { id: string; absenceId: string; from: string; to: string; reason: string }>
  /** They are back earlier than was said, from `at` on; where that is before it began, they never went. */
  | Event<'AbsenceEnded', { id: string; absenceId: string; at: string }>;

/** A time in which somebody is away: `to` is when they are back, exclusive. */
export type Absence = Readonly<{ absenceId: string; from: string; to: string; reason: string }>;

/** Everything that was ever said of a person, oldest first. */
export type PersonTimeline = EffectiveDated<Person> & Readonly<{ absences: readonly Absence[] }>;

export const personCatalogue = eventCatalogue<PersonEvent>({
  PersonDefined: { storedName: 'PersonDefined' },
  PersonRetired: { storedName: 'PersonRetired' },
  PersonAbsent: { storedName: 'PersonAbsent' },
  AbsenceEnded: { storedName: 'AbsenceEnded' },
});

const { noun, define, retire, decider: definitions } = effectiveDated<'Person', Person>('Person');

const evolve = (state: PersonTimeline, event: PersonEvent): PersonTimeline => {
  switch (event.type) {
    case 'PersonDefined':
    case 'PersonRetired':
      return { ...state, ...definitions.evolve(state, event) };
    case 'PersonAbsent': {
      const { absenceId, from, to, reason } = event.data;
      return { ...state, absences: [...state.absences, { absenceId, from, to, reason }] };
    }
    case 'AbsenceEnded': {
      const { absenceId, at } = event.data;
      return { ...state, absences: state.absences.map((absence) => (absence.absenceId === absenceId ? { ...absence, to: at } : absence)) };
    }
    default:
      return event satisfies never;
  }
};

const decider: Decider<PersonTimeline, PersonEvent> = { initialState: { ...definitions.initialState, absences: [] }, evolve };

/** How people are defined and retired, and what is remembered of them. */
export const people = { noun, define, retire, decider };
