export * from './catalogue.js';
export * from './escalate-incident.js';
export * from './incident.js';
export * from './status-rules.js';
export * from './vocabulary.js';
