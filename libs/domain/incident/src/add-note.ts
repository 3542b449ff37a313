import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { stated } from './stated.js';
import { reported } from './status-rules.js';

export type AddNote = DataOf<'NoteAdded'>;

/**
 * Writes something down. In every status: what is known about an incident does not end with it, and least of all with a mistaken end.
 * Whoever is mentioned twice is mentioned once.
 * @throws NotFound INCIDENT_NOT_FOUND
 */
export const addNote = ({ incidentId, noteId, visibility, text, mentions = [] }: AddNote, incident: Incident): IncidentEvent[] => {
  reported(incident);
  return [{ type: 'NoteAdded', data: { incidentId, noteId, visibility, text, ...stated({ mentions: [...new Set(mentions)] }) } }];
};
