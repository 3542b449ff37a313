export * from './kinds.js';
export * from './site-definitions.js';
