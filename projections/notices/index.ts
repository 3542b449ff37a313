export * from './notices.projection.js';
export * from './notices.query.js';
