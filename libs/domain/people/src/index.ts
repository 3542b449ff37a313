export * from './absence.js';
export * from './assignment-rules.js';
export * from './choose-agent.js';
export * from './groups-of.js';
export * from './limits.js';
export * from './person.js';
export * from './person-timeline.js';
export { personAt, presenceAt, type Presence } from './presence.js';
export * from './team.js';
