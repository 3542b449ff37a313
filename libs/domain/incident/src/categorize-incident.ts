import { IllegalTransition, wrongField } from '#kernel';
import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { stated } from './stated.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

export type CategorizeIncident = DataOf<'IncidentCategorized'>;

/**
 * Sorts an open incident; `null` takes the category away. What a person decided, no rule and no model decides otherwise, however late it
 * answers; a person who confirms what a rule or a model said is a fact of its own.
 * @throws NotFound, IllegalTransition by status, or CATEGORIZED_BY_PERSON
 * @throws InvalidInput SUBCATEGORY_WITHOUT_CATEGORY, or CONFIDENCE_INVALID (0 to 1, of a model only)
 */
export const categorize = (command: CategorizeIncident, incident: Incident): IncidentEvent[] => {
  const { incidentId, category, subcategory, symptom = null, taxonomyVersion, by, confidence } = command;
  const { categorization: now } = inStatus(incident, OPEN_STATUSES, 'categorized');

  if (subcategory !== null && category === null)
    throw wrongField('SUBCATEGORY_WITHOUT_CATEGORY', 'subcategory', 'needs a category above it');
  if (confidence !== undefined && (by !== 'model' || !(confidence >= 0 && confidence <= 1))) {
    throw wrongField('CONFIDENCE_INVALID', 'confidence', 'is 0 to 1, and of a model only');
  }

  const isSame = category === now.category && subcategory === now.subcategory && symptom === now.symptom;
  const isConfirmation = by === 'person' && now.by !== 'person';
  if (isSame && !isConfirmation) return [];
  if (now.by === 'person' && by !== 'person') {
    throw new IllegalTransition('CATEGORIZED_BY_PERSON', `A person chose its category: no ${by} changes it`);
  }
  const data = { incidentId, category, subcategory, by, ...(symptom !== null && { symptom }), ...stated({ taxonomyVersion, confidence }) };
  return [{ type: 'IncidentCategorized', data }];
};
