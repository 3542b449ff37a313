import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { fold, unionOf, type Event } from '#kernel';
import { assertGolden } from '#testing';
import { parsePriorityPolicy, priorityPolicyCatalogue, type PriorityPolicyEvent } from './priority-policy.js';
import { parseService, serviceCatalogue, type ServiceEvent } from './service.js';
import { parseTaxonomy, taxonomies, taxonomyCatalogue, type TaxonomyEvent } from './taxonomy.js';

const defined = { version: 1, effectiveFrom: '2026-01-01T00:00:00.000Z', reason: 'A new site' };
const retired = { effectiveFrom: '2026-03-01T00:00:00.000Z', reason: 'Not used any more' };

/** One of each event, with every field that it can have. */
const STORY: (TaxonomyEvent | PriorityPolicyEvent | ServiceEvent)[] = [
  {
    type: 'TaxonomyDefined',
    data: {
      id: 'site',
      ...defined,
      definition: parseTaxonomy({
        categories: [
          { name: 'Network', subcategories: [{ name: 'VPN' }, { name: 'ISDN', retired: true }] },
          { name: 'Fax', retired: true },
          { name: 'Other' },
        ],
        other: 'Other',
        guide: {
          questions: [
            {
              id: 'connection',
              text: 'Is it the connection?',
              answers: [
                { text: 'Yes', leadsTo: { question: 'vpn' } },
                { text: 'No', leadsTo: { category: 'Other' } },
              ],
            },
            { id: 'vpn', text: 'Which one?', answers: [{ text: 'The VPN', leadsTo: { category: 'Network', subcategory: 'VPN' } }] },
          ],
        },
      }),
    },
  },
  { type: 'TaxonomyRetired', data: { id: 'site', ...retired } },
  {
    type: 'PriorityPolicyDefined',
    data: {
      id: 'site',
      ...defined,
      definition: parsePriorityPolicy({
        matrix: {
          impacts: ['high', 'low'],
          urgencies: ['high', 'low'],
          priorities: ['P1', 'P2'],
          cells: { high: { high: 'P1', low: 'P2' }, low: { high: 'P2', low: 'P2' } },
          raises: { financial: 0, security: 1, compliance: 1 },
        },
        riskRules: [
          {
            id: 'patients',
            when: {
              criticalities: ['critical'],
              dataClassifications: ['health'],
              categories: ['Security'],
              subcategories: ['Data exposure'],
            },
            risks: ['compliance'],
          },
        ],
      }),
    },
  },
  { type: 'PriorityPolicyRetired', data: { id: 'site', ...retired } },
  {
    type: 'ServiceDefined',
    data: {
      id: 'card-payments',
      ...defined,
      definition: parseService({
        name: 'Card payments',
        ownerTeam: 'retail',
        supportTeam: 'payment-operations',
        criticality: 'critical',
        downtimeMinuteRate: { amount: 12_500, currency: 'EUR' },
        dataClassification: 'payment',
      }),
    },
  },
  { type: 'ServiceRetired', data: { id: 'card-payments', ...retired } },
];

it('events are written today as they were written once, and are read', () => {
  const catalogue = unionOf<Event>(taxonomyCatalogue, priorityPolicyCatalogue, serviceCatalogue);
  const read = assertGolden(join(import.meta.dirname, 'golden'), catalogue, STORY);
  const ofTaxonomy = read.filter(({ type }) => taxonomyCatalogue.storedTypes.includes(type)) as TaxonomyEvent[];
  expect(fold(taxonomies.decider, ofTaxonomy)).toMatchObject({ versions: [{ version: 1 }], retirements: [{ version: 1 }] });
});
