import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { reported } from './status-rules.js';

export type AttachFile = DataOf<'FileAttached'>;

/**
 * Attaches a file that is stored already; the log keeps its SHA-256. In every status, as notes: evidence often comes late.
 * The same content is attached once, under whatever name.
 * @throws NotFound INCIDENT_NOT_FOUND
 */
export const attachFile = ({ incidentId, fileId, name, mediaType, sizeBytes, sha256 }: AttachFile, incident: Incident): IncidentEvent[] => {
  if (reported(incident).files.includes(sha256)) return [];
  return [{ type: 'FileAttached', data: { incidentId, fileId, name, mediaType, sizeBytes, sha256 } }];
};
