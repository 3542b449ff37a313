import { wrongField } from '#kernel';
import type { Incident, IncidentEvent } from './incident.js';
import { knownPriority, priorityOf, type PriorityMatrix } from './priority-matrix.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES, RISKS, type Risk } from './vocabulary.js';

export type PrioritizeIncident = Readonly<{
  incidentId: string;
  impact: string;
  urgency: string;
  risks?: readonly Risk[];
  /** Another priority than the matrix's, set by hand: why. */
  override?: Readonly<{ priority: string; reason: string }>;
  /** The one in force. */
  matrix: PriorityMatrix;
  /** What the site's rules say is at risk; nothing, where it has none. */
  atRisk?: (facts: RatedFacts) => AtRisk;
}>;

/** What of an incident tells what is at risk. */
export type RatedFacts = Readonly<{ service: string | null; category: string | null; subcategory: string | null }>;

/** Risks, and the id of the rule that found them; `null` where none did. */
export type AtRisk = Readonly<{ risks: readonly Risk[]; rule: string | null }>;

const NOTHING_AT_RISK: AtRisk = { risks: [], rule: null };

/**
 * Rates an open incident: the matrix gives its priority, by what was said and by what the site's rules say is at risk, unless someone overrides it and says why. To override it to what the matrix says is
 * no override. Only a changed rating is a fact.
 * @throws NotFound, IllegalTransition by status
 * @throws InvalidInput PRIORITY_LEVEL_UNKNOWN, naming the levels that would be right, or OVERRIDE_WITHOUT_REASON
 */
export const prioritize = (command: PrioritizeIncident, incident: Incident): IncidentEvent[] => {
  const { incidentId, impact, urgency, override, matrix, atRisk = () => NOTHING_AT_RISK } = command;
  const { prioritization: now, service, categorization } = inStatus(incident, OPEN_STATUSES, 'prioritized');
  const { category, subcategory } = categorization;
  const ruled = atRisk({ service, category, subcategory });
  const risks = RISKS.filter((risk) => command.risks?.includes(risk) || ruled.risks.includes(risk));

  const matrixPriority = priorityOf(matrix, impact, urgency, risks);
  const priority = override ? knownPriority(matrix, override.priority, 'override.priority') : matrixPriority;
  const reason = override?.reason.trim();
  const isOverridden = priority !== matrixPriority;
  if (isOverridden && !reason)
    throw wrongField('OVERRIDE_WITHOUT_REASON', 'override.reason', 'says why the priority is not what the matrix says');

  const isSame =
    now?.impact === impact &&
    now.urgency === urgency &&
    now.risks.join() === risks.join() &&
    now.priority === priority &&
    now.overridden === isOverridden;
  if (isSame) return [];

  const rule = ruled.rule === null ? {} : { rule: ruled.rule };
  const rated = { incidentId, impact, urgency, risks, priority, matrixVersion: matrix.version, ...rule };
  return [{ type: 'IncidentPrioritized', data: isOverridden && reason ? { ...rated, override: { reason, matrixPriority } } : rated }];
};
