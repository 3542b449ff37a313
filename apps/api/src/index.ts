export { createApi, type CreateApi } from './api.js';
export { commandHandlers, queryHandlers, type ApiParts } from './api.module.js';
export { incidentNumber, INCIDENT_NUMBERS } from './incidents/incidents.js';
export { openApi } from './openapi.js';
export type { ApiOptions, ApiSettings, ViewHealth } from './options.js';
