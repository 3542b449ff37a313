export {
  evolveEscalations,
  nextEscalationInstant,
  type ClockWord,
  type EscalationRun,
  type IncidentEscalations,
  type WorkSoFar,
} from './incident-escalations.js';
export * from './judge.js';
export * from './policy.js';
