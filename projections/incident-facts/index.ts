export * from './figures.js';
export * from './incident-facts.document.js';
export { incidentFacts } from './incident-facts.projection.js';
export * from './kpi-definitions.js';
export * from './kpi.query.js';
