export * from './one-time-link.js';
