import { evolve, type Incident, type IncidentEvent } from '#domain/incident';

/** A rule that is bound to its command: it is given the incident. */
export type Rule = (incident: Incident) => readonly IncidentEvent[];

/** Asks one rule after another, each about the incident as the ones before it left it. */
export const inTurn =
  (...rules: readonly Rule[]): Rule =>
  (incident) => {
    let state = incident;
    const events: IncidentEvent[] = [];
    for (const rule of rules) {
      for (const event of rule(state)) {
        state = evolve(state, event);
        events.push(event);
      }
    }
    return events;
  };
