export * from './judge.js';
export * from './policy.js';
