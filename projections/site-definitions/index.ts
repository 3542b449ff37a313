export * from './site-definitions.projection.js';
export * from './site-definitions.query.js';
