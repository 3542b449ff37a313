export * from './dates.js';
export * from './zone.js';
