export * from './decider-spec.js';
export * from './fixed-clock.js';
export * from './lamp.js';
export * from './memory-log.js';
export * from './memory-view.js';
export * from './new-events.js';
export * from './projection-spec.js';
export * from './recorded.js';
