export * from './dates.js';
export * from './hours.js';
export * from './zone.js';
