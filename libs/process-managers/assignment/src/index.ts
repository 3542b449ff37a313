export * from './incident-assignment.js';
export * from './judge.js';
