export * from './dates.js';
export * from './hours.js';
export * from './wall-text.js';
export * from './weekly-hours.js';
export * from './zone.js';
