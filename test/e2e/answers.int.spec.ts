import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerCatalogue, NO_STREAM, numberCatalogue, unionOf, type Event, type NewEvent } from '#kernel';
import { ALLOWANCE_UNITS } from '#domain/calendars';
import { incidentCatalogue, type IncidentEventType } from '#domain/incident';
import { noticeCatalogue, noticeStream, OCCASION_NAMES, type NoticeEvent } from '#domain/notifications';
import { projections } from '#projections';
import { ViewReaders } from '#adapters/read-models';
import { DEFINITION_KINDS } from '#domain/definitions';
import { memoryLog } from '#testing';
import { REPORT_EXAMPLE } from '../../apps/api/src/incidents/report-incident.js';
import { useCases } from '../../apps/api/src/incidents/use-cases/index.js';
import { DEFINITION_GUIDES } from '../../apps/api/src/definitions/definition-guide.js';
import { ADD_OVERRIDE_EXAMPLE } from '../../apps/api/src/on-call/add-override.js';
import { REMOVE_OVERRIDE_EXAMPLE } from '../../apps/api/src/on-call/remove-override.js';
import { SWAP_SHIFTS_EXAMPLE } from '../../apps/api/src/on-call/swap-shifts.js';
import { END_ABSENCE_EXAMPLE } from '../../apps/api/src/people/end-absence.js';
import { REPORT_ABSENCE_EXAMPLE } from '../../apps/api/src/people/report-absence.js';
import { WALK_GUIDE_EXAMPLE } from '../../apps/api/src/taxonomy/walk-guide.js';
import { FEED_EXAMPLE } from '../../apps/api/src/calendars/calendars.controller.js';
import { Projector } from '../../apps/projector/src/index.js';
import { STORY, storyEventToWrite } from '../../libs/domain/incident/src/golden.fixture.js';
import { MongoFixture } from '../../libs/adapters/read-models/src/mongo.fixture.js';
import { apiOn, type Answer, type RunningApi } from '../support/api.js';

/** Every answer is held to docs/openapi.json by whoever asks (test/support/api.ts): here, every operation is asked for what it can answer. */
const catalogue = unionOf<Event>(
  incidentCatalogue as never,
  ledgerCatalogue as never,
  numberCatalogue as never,
  noticeCatalogue as never,
  ...DEFINITION_KINDS.map((kind) => kind.catalogue),
);
const log = memoryLog({ catalogue });
const mongo = new MongoFixture();
const asked = new Set<string>();
let projector: Projector;
let app: RunningApi;

beforeAll(async () => {
  await mongo.start();
  const models = mongo.database();
  projector = new Projector({ log, models, projections: projections as never });
  app = await apiOn(log, {
    models,
    readers: new ViewReaders(models),
    views: () =>
      Promise.resolve(
        projector.status().map(({ view, state, position, isCaughtUp }) => ({ view, state, position, isCaughtUp, lagEvents: 0 })),
      ),
    onOperation: (operationId) => void asked.add(operationId),
  });
  projector.start();
});
afterAll(async () => {
  await projector.stop();
  await app.close();
  await mongo.stop();
});

const AS = (id: string) => ({ 'faultline-actor': `person:${id}`, 'faultline-actor-name': 'Jane%20Doe', 'faultline-actor-roles': 'agent' });

const ask = async (method: string, path: string, body?: object, headers: Record<string, string> = AS('els-jacobs')): Promise<Answer> => {
  const answer = await app.request(method, `/api/v1${path}`, body, headers);
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer;
};

const fresh = async () => `after=${await log.headPosition()}`;

/** One of each event that there is, with every field it can have. */
const STORY_ID = STORY.IncidentReported.incidentId;
const tellTheStory = async () => {
  const types = Object.keys(STORY) as IncidentEventType[];
  const events = types.map((type): NewEvent => ({ ...storyEventToWrite(type), id: randomUUID() }));
  await log.append(`incident-${STORY_ID}`, NO_STREAM, events);
  return types.length;
};

/** Sends the example of a command, or another body. */
const command = async (incidentId: string, name: string, more: { body?: object; by?: string } = {}) => {
  const { method = 'POST', resource, example } = useCases.find(({ definition }) => definition.name === name)?.definition ?? {};
  return ask(method, `/incidents/${incidentId}/${resource}`, more.body ?? example, AS(more.by ?? 'els-jacobs'));
};

const defineTheExamples = async () => {
  for (const [path, { example }] of Object.entries(DEFINITION_GUIDES))
    await ask('PUT', `/${path}/${example.id}`, { definition: example.definition });
};

describe('what is answered is what is documented', () => {
  it('of an incident’s life, by the examples of the commands', async () => {
    const { body } = await ask('POST', '/incidents', REPORT_EXAMPLE);
    const incidentId = body.incidentId as string;
    const reporter = REPORT_EXAMPLE.reporter as string;
    const inTurn = [
      'CategorizeIncident', 'PrioritizeIncident', 'AssignIncident', 'AcknowledgeIncident', 'AddNote', 'AttachFile', 'RecordDiagnosis', 'ApplyWorkaround',
      'PutOnHold', 'ResumeIncident', 'EscalateIncident', 'DeclareMajorIncident', 'PostStakeholderUpdate', 'StandDownMajorIncident', 'LogWork', 'LinkIncident',
      'UnlinkIncident', 'ResolveIncident',
    ]; // prettier-ignore
    for (const name of inTurn) await command(incidentId, name);
    await command(incidentId, 'RejectResolution', { by: reporter });
    await command(incidentId, 'ResolveIncident');
    await command(incidentId, 'ConfirmResolution', { by: reporter });
    await command(incidentId, 'CloseIncident');
    await command(incidentId, 'ReopenIncident');
    await command(incidentId, 'CorrectFact', {
      body: { eventRevision: 0, fact: 'location', is: null, reason: 'Not known', approvedBy: 'ann' },
    });
    const history = (await ask('GET', `/incidents/${incidentId}/history?limit=100`)).body.items as unknown as {
      type: string;
      revision: number;
    }[];
    const work = history.find(({ type }) => type === 'WorkLogged')?.revision;
    const correction = { eventRevision: work, fact: 'hourlyRate', is: null, reason: 'It was free', approvedBy: 'ann' };
    await command(incidentId, 'CorrectFact', { body: correction });
    await ask('GET', `/incidents/${incidentId}?${await fresh()}`);

    const request = (await ask('POST', '/incidents', { title: 'A printer, please' })).body.incidentId as string;
    await command(request, 'ReclassifyIncident');
    const duplicate = (await ask('POST', '/incidents', { title: 'Again' })).body.incidentId as string;
    await command(duplicate, 'CancelIncident');
  });

  it('of an incident to which everything has happened that can, at every point of its history', async () => {
    const events = await tellTheStory();
    const { headers } = await ask('GET', `/incidents/${STORY_ID}?${await fresh()}`);
    const etag = headers.etag as string;
    expect(await app.request('GET', `/api/v1/incidents/${STORY_ID}`, undefined, { 'if-none-match': etag })).toMatchObject({ status: 304 });
    for (let to = 1; to <= events; to++) await ask('GET', `/incidents/${STORY_ID}/replay?to=${to}`);

    const history = await ask('GET', `/incidents/${STORY_ID}/history?limit=10`);
    expect(history.headers.link).toContain('from=11');
    const lines = await ask('GET', `/incidents/${STORY_ID}/history`, undefined, { accept: 'application/x-ndjson' });
    expect(lines.text.trim().split('\n')).toHaveLength(events);
    expect((await ask('GET', '/events')).text.trim().split('\n').length).toBeGreaterThan(events);
    expect((await ask('GET', `/incidents/${STORY_ID}/audit-trail?limit=100`)).body.items).toHaveLength(events);
  });

  it('of lists and figures', async () => {
    await ask('POST', '/incidents', { ...REPORT_EXAMPLE, category: 'Network' });
    const after = await fresh();
    const search = await ask('GET', `/incidents?${after}&limit=1&text=card`);
    expect(search.headers.link).toContain('rel="next"');
    await ask('GET', `/audit-trail?${after}&type=IncidentReported`);
    expect((await ask('GET', `/queue?${after}`)).body).toMatchObject({ open: expect.any(Number) });
    expect((await ask('GET', `/kpis?${after}&by=month,priority+team`)).body).toMatchObject({
      kpis: { 'volume@1': { by: { 'priority+team': {} } } },
    });
    await ask('GET', `/kpis?${after}&from=2026-01-01&to=2100-01-01&ranks=false`);
    await ask('GET', `/kpis?${after}&from=2019-01-01&to=2020-01-01&by=channel`);
    await ask('GET', '/kpis/definitions');
  });

  it('of what people are told', async () => {
    const noticeId = randomUUID();
    const metadata = storyEventToWrite('IncidentReported').metadata;
    const receipt = { reference: '<1@example.org>', answer: '250 OK' };
    const lease = { by: 'automation-1', leaseUntil: '2026-01-05T09:02:00.000Z' };
    const write = (revision: bigint, ...events: NoticeEvent[]) =>
      log.append(
        noticeStream(noticeId),
        revision,
        events.map((event) => ({ id: randomUUID(), event, metadata })),
      );
    await write(
      NO_STREAM,
      {
        type: 'NoticeQueued',
        data: {
          ...{ noticeId, incidentId: STORY_ID, eventId: randomUUID(), eventType: 'IncidentAssigned', recipient: { person: 'els-jacobs' } },
          ...{ channel: 'email', kind: 'update', template: 'assigned-to-you', templateVersion: 0, language: 'en' },
          ...{ subject: 'It is yours', text: 'It is.', html: '<p>It is.</p>', notBefore: lease.leaseUntil, why: 'It was assigned to them' },
        },
      },
      { type: 'NoticeAttempted', data: { noticeId, attempt: 1, ...lease } },
      { type: 'NoticeFailed', data: { noticeId, attempt: 1, error: 'Nobody there', nextAttemptAt: null } },
      { type: 'NoticeAbandoned', data: { noticeId, reason: 'Trying again cannot help' } },
    );
    expect((await ask('GET', `/notices?${await fresh()}&status=abandoned&recipient=person:els-jacobs`)).body.items).toHaveLength(1);
    expect((await ask('GET', `/notices/${noticeId}`)).headers.etag).toBe('"3"');
    await ask('POST', `/notices/${noticeId}/requeues`, { reason: 'There is somebody now' });
    await write(
      4n,
      { type: 'NoticeAttempted', data: { noticeId, attempt: 2, ...lease } },
      { type: 'NoticeSent', data: { noticeId, attempt: 2, receipt } },
    );
    expect((await ask('GET', `/notices/${noticeId}`)).body).toMatchObject({ status: 'sent', receipt, requeues: [{ by: 'els-jacobs' }] });
    for (const occasion of OCCASION_NAMES) await ask('POST', '/notice-template-previews', { occasion });
  });

  it('of the clocks that ran, and of those that a draft would have run', async () => {
    for (const path of ['calendars', 'service-level-policies']) {
      const { id, definition } = DEFINITION_GUIDES[path]?.example as { id: string; definition: object };
      await ask('PUT', `/${path}/${id}`, { definition, effectiveFrom: '2019-01-01T00:00:00.000Z' });
    }
    const explained = await ask('GET', `/incidents/${STORY_ID}/service-levels/explain`);
    expect(explained.body.clocks).not.toHaveLength(0);
    await ask('GET', `/incidents/${STORY_ID}/service-levels/explain`, undefined, { accept: 'text/plain' });
    const { id, definition } = DEFINITION_GUIDES['service-level-policies']?.example as { id: string; definition: object };
    await ask('POST', '/service-level-simulations', { id, definition, from: '2026-01-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' });
  });

  it('of who is on call, and what was arranged', async () => {
    await defineTheExamples();
    await ask('PUT', '/people/tom-maes', {
      definition: { ...DEFINITION_GUIDES.people?.example.definition, name: 'Tom Maes', manager: undefined },
    });
    const schedule = '/on-call-schedules/payments';
    const overridden = await ask('POST', `${schedule}/overrides`, ADD_OVERRIDE_EXAMPLE);
    const { first, second } = SWAP_SHIFTS_EXAMPLE;
    await ask('POST', `${schedule}/overrides`, { overrideId: 'o-2', ...second, reason: 'To have something to swap' });
    await ask('POST', `${schedule}/swaps`, SWAP_SHIFTS_EXAMPLE);

    const period = `from=${ADD_OVERRIDE_EXAMPLE.from}&to=${second.to}`;
    const sources = (await ask('GET', `${schedule}/shifts?${period}`)).body.items as unknown as { source: { kind: string } }[];
    expect([...new Set(sources.map(({ source }) => source.kind))].sort()).toEqual(['override', 'rotation', 'swap']);
    expect((await ask('GET', `/people/${first.person}/shifts?${period}&limit=1`)).headers.link).toContain('rel="next"');
    await ask('GET', `${schedule}/shifts.ics`);
    await ask('GET', `/people/${first.person}/shifts.ics`);
    await ask('GET', `/on-call?at=${first.from}`);
    await ask('GET', '/on-call?at=2001-01-01T00:00:00Z&schedules=payments');
    await ask('GET', `/on-call/coverage?${period}`);
    await ask('DELETE', `${schedule}/overrides/${overridden.body.overrideId}`, REMOVE_OVERRIDE_EXAMPLE);
  });

  it('of who is there, and how much they hold', async () => {
    await defineTheExamples();
    await ask('POST', '/people/els-jacobs/absences', REPORT_ABSENCE_EXAMPLE);
    await ask('POST', '/people/els-jacobs/absences', { from: '2030-08-01T00:00:00Z', to: '2030-08-02T00:00:00Z', reason: 'Moving house' });
    expect((await ask('GET', '/presence?at=2030-07-02T00:00:00Z&limit=1')).body).toMatchObject({ items: [{ cause: 'absent' }] });
    await ask('GET', '/presence?at=2001-01-01T00:00:00Z');
    await ask('GET', '/presence?team=network&present=true');
    await ask('GET', `/workloads?${await fresh()}`);
    await ask('DELETE', '/people/els-jacobs/absences/a-1', END_ABSENCE_EXAMPLE);
  });

  it('of how incidents are sorted', async () => {
    await defineTheExamples();
    const guidance = '/taxonomies/site/guidance';
    expect((await ask('POST', guidance, WALK_GUIDE_EXAMPLE)).body).toMatchObject({ question: { id: 'what' } });
    expect((await ask('POST', guidance, { answers: ['Yes'] })).body).toMatchObject({ category: { category: 'Other', subcategory: null } });
    expect((await ask('GET', `/taxonomies/site/other-share?${await fresh()}`)).body).toMatchObject({ numerator: expect.any(Number) });
    await ask('GET', '/taxonomies/site/other-share?from=2100-01-01&timeZone=Europe/Brussels');
  });

  it('of time by a calendar, and its days off', async () => {
    await defineTheExamples();
    const calendar = '/calendars/office-hours';
    const measured = await ask('GET', `${calendar}/working-time?from=2026-12-23T00:00:00Z&to=2026-12-28T00:00:00Z&limit=3`);
    expect(measured.headers.link).toContain('rel="next"');
    for (const unit of ALLOWANCE_UNITS) await ask('GET', `${calendar}/deadline?amount=48&unit=${unit}`);
    await ask('GET', `${calendar}/deadline?amount=500000&unit=business-days`);
    const headers = { ...AS('els-jacobs'), 'content-type': 'text/calendar' };
    const imported = await app.request('PUT', `/api/v1${calendar}/holiday-feeds/belgium`, FEED_EXAMPLE, headers);
    expect(imported.body).toMatchObject({ changed: true, feed: 'belgium' });
  });

  it('of what a site defines', async () => {
    await defineTheExamples();
    for (const [path, { example }] of Object.entries(DEFINITION_GUIDES).reverse()) {
      const after = await fresh();
      await ask('GET', `/${path}?${after}`);
      await ask('GET', `/${path}/${example.id}?${after}`);
      await ask('GET', `/${path}/${example.id}?${after}&at=2001-01-01T00:00:00Z`);
      await ask('DELETE', `/${path}/${example.id}`, { reason: 'Out of use' });
      await ask('GET', `/${path}/${example.id}?${await fresh()}`);
    }
  });

  it('of how the program is', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) {
      expect(await app.request('GET', path)).toMatchObject({ status: 200 });
    }
  });

  it('leaves no operation out', async () => {
    const { paths } = (await app.request('GET', '/docs-json')).body as unknown as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const all = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(all.filter((operationId) => !asked.has(operationId))).toEqual([]);
  });
});
