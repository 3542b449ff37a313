import type { Projection } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import { agentQueue } from './agent-queue/index.js';
import { auditTrail } from './audit-trail/index.js';
import { incidentDetails } from './incident-details/index.js';
import { incidentFacts } from './incident-facts/index.js';
import { incidentTimers } from './incident-timers/index.js';
import { notices } from './notices/index.js';
import { siteDefinitions } from './site-definitions/index.js';

export * from './agent-queue/index.js';
export * from './audit-trail/index.js';
export * from './incident-details/index.js';
export * from './incident-facts/index.js';
export * from './incident-timers/index.js';
export * from './notices/index.js';
export * from './site-definitions/index.js';

/** Every view of the program. */
export const projections: readonly Projection<IncidentEvent, object>[] = [
  agentQueue,
  incidentDetails,
  auditTrail,
  incidentFacts,
  incidentTimers,
  siteDefinitions,
  notices,
] as never;
