export * from './incident-details.document.js';
export { incidentDetails } from './incident-details.projection.js';
export * from './incident-details.query.js';
export * from './replay.js';
