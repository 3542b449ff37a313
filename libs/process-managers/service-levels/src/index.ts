export * from './explain.js';
export {
  currentPhase,
  evolveClocks,
  isPending,
  nextClockInstant,
  type Clock,
  type Happening,
  type IncidentClocks,
  type Phase,
} from './incident-clocks.js';
export * from './judge.js';
export * from './play.js';
export * from './policy.js';
export { usedBy, usedUpAt } from './timing.js';
