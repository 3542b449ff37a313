export * from './incident-timers.projection.js';
export * from './incident-timers.query.js';
