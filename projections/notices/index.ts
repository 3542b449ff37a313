export * from './notice-history.js';
export * from './notices.projection.js';
export * from './notices.query.js';
