import { DEFAULT_PRIORITY_MATRIX } from '#domain/incident';
import type { PriorityPolicy } from './priority-policy.js';

const { version: _, ...matrix } = DEFAULT_PRIORITY_MATRIX;

/** How a new site derives priorities: by the default matrix, raised where security, protected data or a critical service is at stake. */
export const DEFAULT_PRIORITY_POLICY: PriorityPolicy = {
  matrix,
  riskRules: [
    {
      id: 'protected-data',
      when: { categories: ['Security'], dataClassifications: ['personal', 'health', 'payment'] },
      risks: ['security', 'compliance'],
    },
    { id: 'security', when: { categories: ['Security'] }, risks: ['security'] },
    { id: 'critical-service', when: { criticalities: ['critical'] }, risks: ['financial'] },
  ],
};
