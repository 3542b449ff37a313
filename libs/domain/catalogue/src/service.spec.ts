import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { parseService } from './service.js';

const PAYMENTS = {
  name: 'Card payments',
  ownerTeam: 'retail',
  supportTeam: 'payment-operations',
  criticality: 'critical',
  downtimeMinuteRate: { amount: 12_500, currency: 'EUR' },
  dataClassification: 'payment',
};

describe('a service', () => {
  it('is taken as it is, with a rate or without', () => {
    const { downtimeMinuteRate: _, ...withoutRate } = PAYMENTS;
    expect(parseService(PAYMENTS)).toEqual(PAYMENTS);
    expect(parseService(withoutRate)).toEqual(withoutRate);
  });
  it.each([
    [{ name: '' }, ['name']],
    [{ ownerTeam: 'Retail', supportTeam: undefined }, ['ownerTeam', 'supportTeam']],
    [{ criticality: 'dire', dataClassification: 'secret' }, ['criticality', 'dataClassification']],
    [{ downtimeMinuteRate: { amount: 12.5, currency: 'euro' } }, ['downtimeMinuteRate.amount', 'downtimeMinuteRate.currency']],
    [{ downtimeMinuteRate: 12_500 }, ['downtimeMinuteRate']],
    [{ colour: 'red' }, ['colour']],
  ])('%j is told what is wrong with it', (more, expected) =>
    expect(faultyFields('SERVICE_INVALID', () => parseService({ ...PAYMENTS, ...more }))).toEqual(expected),
  );
});
