import { definitionId, effectiveDated, eventCatalogue, lineOf, oneOf, optional, readerOf, type DefinitionEvent } from '#kernel';
import { moneyCheck, type Money } from '#domain/incident';
import { CATALOGUE_LIMITS } from './limits.js';

/** How much depends on a service. */
export const CRITICALITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Criticality = (typeof CRITICALITIES)[number];

/** What kind of protected data a service holds; of several, the one that is protected most. */
export const DATA_CLASSIFICATIONS = ['none', 'personal', 'health', 'payment'] as const;
export type DataClassification = (typeof DATA_CLASSIFICATIONS)[number];

/** Something that the site provides to its users, and that incidents interrupt. */
export type Service = Readonly<{
  name: string;
  /** The team that answers for it. */
  ownerTeam: string;
  /** The team that works on its incidents. */
  supportTeam: string;
  criticality: Criticality;
  /** What a minute without it costs; else nobody has said. */
  downtimeMinuteRate?: Money;
  dataClassification: DataClassification;
}>;

/** A service's stream: `catalogue-service-card-payments`. Not `service-`: `service-level-policy-…` begins so too. */
export const SERVICE_STREAM_PREFIX = 'catalogue-service-';

export type ServiceEvent = DefinitionEvent<'Service', Service>;

export const serviceCatalogue = eventCatalogue<ServiceEvent>({
  ServiceDefined: { storedName: 'ServiceDefined' },
  ServiceRetired: { storedName: 'ServiceRetired' },
});

/** How services are defined and retired. */
export const services = effectiveDated<'Service', Service>('Service');

/**
 * A service from a request or a file.
 * @throws InvalidInput SERVICE_INVALID, with every fault (the reader does)
 */
export const parseService = readerOf<Service>({
  code: 'SERVICE_INVALID',
  noun: 'service',
  fields: {
    name: lineOf(CATALOGUE_LIMITS.nameLength),
    ownerTeam: definitionId,
    supportTeam: definitionId,
    criticality: oneOf(CRITICALITIES),
    downtimeMinuteRate: optional(moneyCheck),
    dataClassification: oneOf(DATA_CLASSIFICATIONS),
  },
});
