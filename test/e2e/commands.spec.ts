import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerCatalogue, numberCatalogue, unionOf, type Event } from '#kernel';
import { incidentCatalogue, type IncidentEvent } from '#domain/incident';
import { memoryLog } from '#testing';
import { API_SETTINGS, apiOn, type RunningApi } from '../support/api.js';

const catalogue = unionOf<Event>(incidentCatalogue as never, ledgerCatalogue as never, numberCatalogue as never);
const log = memoryLog({ catalogue });
let app: RunningApi;
beforeAll(async () => {
  app = await apiOn(log);
});
afterAll(() => app.close());

type Headers = Record<string, string>;
const ADA: Headers = { 'faultline-actor': 'person:ada' };

const send = (method: 'POST' | 'DELETE', path: string, payload: object, headers: Headers = {}) =>
  app.request(method, `/api/v1/incidents${path}`, payload, { ...ADA, ...headers });
const post = (path: string, payload: object, headers?: Headers) => send('POST', path, payload, headers);
const report = async (more: object = {}, headers?: Headers) => post('', { title: 'No mail', ...more }, headers);

const historyOf = async (incidentId: string | undefined) => {
  const types: string[] = [];
  for await (const { type } of log.readStream<IncidentEvent>(`incident-${incidentId}`)) types.push(type);
  return types;
};

describe('reporting', () => {
  it('gives the next number, and says where the incident is', async () => {
    const first = await report();
    const second = await report();
    expect(first).toMatchObject({ status: 201, headers: { location: `/api/v1/incidents/${first.body.incidentId}`, etag: '"0"' } });
    expect(first.headers['faultline-position']).toBe(first.body.position);
    expect(Number(String(second.body.incidentId).slice(3))).toBe(Number(String(first.body.incidentId).slice(3)) + 1);
  });

  it('sorts, rates and assigns it in the same breath', async () => {
    const { body } = await report({ category: 'Mail', impact: 'high', urgency: 'high', team: 'Post' });
    expect(await historyOf(body.incidentId)).toEqual([
      'IncidentReported',
      'IncidentCategorized',
      'IncidentPrioritized',
      'IncidentAssigned',
    ]);
  });

  it('answers a resent report as the first time, takes no second number, and refuses the key with another body', async () => {
    const key = { 'idempotency-key': 'report-1' };
    const first = await report({}, key);
    const again = await report({}, key);
    expect(again.body).toEqual({ ...(first.body as object), repeated: true });
    expect(await report({ title: 'Another' }, key)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const next = await report();
    expect(Number(String(next.body.incidentId).slice(3))).toBe(Number(String(first.body.incidentId).slice(3)) + 1);
  });
});

describe('the life of an incident', () => {
  it('goes from report to close over HTTP', async () => {
    const { body } = await report({ reporter: 'bob' });
    const at = `/${body.incidentId}`;
    const steps: [string, object, string?][] = [
      ['categorizations', { category: 'Mail' }],
      ['prioritizations', { impact: 'medium', urgency: 'low' }],
      ['assignments', { team: 'Post', agent: 'ada' }],
      ['acknowledgements', {}],
      ['notes', { visibility: 'internal', text: 'Looking' }],
      ['files', { name: 'log.txt', mediaType: 'text/plain', sizeBytes: 12, sha256: 'a'.repeat(64) }],
      ['diagnoses', { answers: [{ question: 'Ping?', answer: 'No' }], findings: 'Switch down' }],
      ['workarounds', { description: 'Use the web mail' }],
      ['holds', { reason: 'vendor' }],
      ['resumptions', { cause: 'answered' }],
      ['escalations', { kind: 'functional', to: 'Network', reason: 'It is the switch' }],
      ['major-incident', { incidentManager: 'carol', reason: 'All of Leuven' }],
      ['stakeholder-updates', { audience: 'affected-users', text: 'We are on it' }],
      ['work-logs', { minutes: 30, activity: 'Replaced it', hourlyRate: { amount: 9000, currency: 'EUR' } }],
      ['links', { kind: 'problem', target: 'PRB1' }],
      ['resolutions', { code: 'solved', fix: 'fix', notes: 'New switch' }],
    ];
    for (const [resource, payload] of steps)
      expect(await post(`${at}/${resource}`, payload)).toMatchObject({ status: 200, body: { changed: true } });
    expect(await send('DELETE', `${at}/major-incident`, { reason: 'Over' })).toMatchObject({ status: 200 });
    expect(await send('DELETE', `${at}/links`, { kind: 'problem', target: 'PRB1', reason: 'Not it' })).toMatchObject({ status: 200 });
    expect(await post(`${at}/confirmations`, {}, { 'faultline-actor': 'person:bob' })).toMatchObject({ status: 200 });
    expect(await post(`${at}/closures`, { code: 'solved', how: 'confirmed' })).toMatchObject({ status: 200 });
    expect(
      await post(`${at}/corrections`, { eventRevision: 0, fact: 'title', is: 'No post', reason: 'Typo', approvedBy: 'carol' }),
    ).toMatchObject({ status: 200 });
    expect(await post(`${at}/reopenings`, { cause: 'recurred', reason: 'Again' })).toMatchObject({ status: 200 });
    expect((await historyOf(body.incidentId)).length).toBe(24);
  });

  it('remembers that a resent command had nothing to do, whatever others did since', async () => {
    const { body } = await report({ team: 'A' });
    const at = `/${body.incidentId}/assignments`;
    const key = { 'idempotency-key': 'assign-1' };
    expect(await post(at, { team: 'A' }, key)).toMatchObject({ body: { changed: false, revision: 1 } });
    await post(at, { team: 'B' });
    expect(await post(at, { team: 'A' }, key)).toMatchObject({ status: 200, body: { changed: false, revision: 1, repeated: true } });
    expect((await historyOf(body.incidentId)).length).toBe(3);
  });

  it('holds a caller to the revision it saw', async () => {
    const { body } = await report();
    const at = `/${body.incidentId}/notes`;
    const note = { visibility: 'internal', text: 'Hello' };
    expect(await post(at, note, { 'if-match': '"0"' })).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    expect(await post(at, note, { 'if-match': '"0"' })).toMatchObject({
      status: 412,
      headers: { etag: '"1"' },
      body: { code: 'REVISION_STALE' },
    });
    expect(await post(at, note, { 'if-match': '*' })).toMatchObject({ status: 200 });
  });

  it('is refused by name where its status forbids it', async () => {
    const { body } = await report();
    expect(await post(`/${body.incidentId}/closures`, { code: 'solved' })).toMatchObject({
      status: 409,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      body: { code: 'INCIDENT_NEW', status: 409, title: 'Conflict', instance: `/api/v1/incidents/${body.incidentId}/closures` },
    });
    expect(await post('/INC9999999/notes', { visibility: 'internal', text: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'INCIDENT_NOT_FOUND' },
    });
  });

  it('keeps when it happened apart from when it was recorded', async () => {
    const { body } = await report({ occurredAt: '2026-01-05T08:00:00Z' });
    for await (const event of log.readStream<IncidentEvent>(`incident-${body.incidentId}`)) {
      expect(event).toMatchObject({ occurredAt: '2026-01-05T08:00:00.000Z', metadata: { actor: { kind: 'person', id: 'ada' } } });
    }
  });
});

describe('the edge', () => {
  it('believes nobody who names itself by headers, where it is told so', async () => {
    const closed = await apiOn(log, { settings: { ...API_SETTINGS, actorHeaders: false } });
    expect(await closed.request('POST', '/api/v1/incidents', { title: 'x' }, ADA)).toMatchObject({
      status: 401,
      body: { code: 'ACTOR_NOT_TRUSTED' },
    });
    await closed.close();
  });
});
