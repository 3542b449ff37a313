import { incidentCatalogue } from '#domain/incident';
import { ledgerCatalogue, numberCatalogue, unionOf, type Event, type EventCatalogue } from '#kernel';
import { noticeCatalogue } from '#domain/notifications';
import { DEFINITION_KINDS, siteSetupCatalogue } from '#domain/definitions';
import { sweepCatalogue } from '../../../automation/src/sweeps/sweep.js';
import { importCatalogue } from '../import/import-events.js';

const catalogues: readonly unknown[] = [
  incidentCatalogue,
  ledgerCatalogue,
  numberCatalogue,
  importCatalogue,
  noticeCatalogue,
  sweepCatalogue,
  siteSetupCatalogue,
  ...DEFINITION_KINDS.map(({ catalogue }) => catalogue),
];

/** The words of every stream in the log. */
export const siteCatalogue = unionOf<Event>(...(catalogues as readonly EventCatalogue<Event>[]));
