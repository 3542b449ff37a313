export * from './allowance.js';
export * from './business-calendar.js';
export * from './calendar.js';
export * from './feed-holidays.js';
export * from './working-time.js';
