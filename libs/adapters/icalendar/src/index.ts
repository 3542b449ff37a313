export * from './holidays.js';
export * from './on-call-feed.js';
