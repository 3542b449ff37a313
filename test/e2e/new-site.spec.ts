import { afterEach, expect, it } from '@jest/globals';
import { setUpSite } from '#domain/definitions';
import { PlayedSite } from '../support/played-site.js';

let site: PlayedSite;
afterEach(() => site.stop());

it('a new site sorts and rates at once, and measures and closes from the second week on', async () => {
  // a Monday: the week of grace ends on the next one
  site = await PlayedSite.at('2026-01-05T09:00:00.000Z');
  await setUpSite(site.log, { timeZone: 'UTC', now: site.now });
  const typo = await site.request('POST', '/incidents', { title: 'x', category: 'Netwrk' });
  expect([typo.status, typo.body.code]).toEqual([400, 'CATEGORY_UNKNOWN']);
  const { incidentId = '' } = await site.done('POST', '/incidents', {
    title: 'No network',
    category: 'Network',
    impact: 'high',
    urgency: 'high',
  });
  await site.until('2026-01-06T09:00:00.000Z');
  await site.done('POST', `/incidents/${incidentId}/resolutions`, { code: 'solved', fix: 'fix' });
  expect((await site.events(incidentId)).map(({ type }) => type)).toEqual([
    ...['IncidentReported', 'IncidentCategorized', 'IncidentPrioritized', 'IncidentResolved'],
  ]);

  await site.until('2026-01-13T09:00:00.000Z');
  const ofLater = (await site.events(incidentId)).slice(4).map(({ type, occurredAt }) => `${occurredAt.slice(5, 16)} ${type}`);
  expect(ofLater).toEqual(['01-12T09:00 ClosureScheduled', '01-12T17:00 IncidentClosed']);

  const { incidentId: second = '' } = await site.done('POST', '/incidents', { title: 'No power', impact: 'high', urgency: 'high' });
  await site.until('2026-01-13T09:16:00.000Z');
  expect((await site.events(second)).filter(({ type }) => type === 'SlaBreached')).toMatchObject([
    { data: { target: 'response', policyVersion: 'standard@1' }, occurredAt: '2026-01-13T09:15:00.000Z' },
  ]);
});
