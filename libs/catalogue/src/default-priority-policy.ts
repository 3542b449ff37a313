import { DEFAULT_PRIORITY_MATRIX } from '#incident';
import type { PriorityPolicy } from './priority-policy.js';

const { version: _, ...matrix } = DEFAULT_PRIORITY_MATRIX;

/** How a new site derives priorities: by the default matrix, raised where security, protected data or a critical service is at stake. */
export const DEFAULT_PRIORITY_POLICY: PriorityPolicy = {
  matrix,
  riskRules: [
    {
      id: 'protected-data',
      when: { category: ['Security'], dataClassification: ['personal', 'health', 'payment'] },
      risks: ['security', 'compliance'],
    },
    { id: 'security', when: { category: ['Security'] }, risks: ['security'] },
    { id: 'critical-service', when: { criticality: ['critical'] }, risks: ['financial'] },
  ],
};
