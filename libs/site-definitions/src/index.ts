export * from './circumstances.js';
export * from './kinds.js';
export * from './site-definitions.js';
