import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerCatalogue, numberCatalogue, unionOf, type Event } from '#kernel';
import { incidentCatalogue } from '#domain/incident';
import { memoryLog } from '#testing';
import { FEED_EXAMPLE } from '../../apps/api/src/calendars/calendars.controller.js';
import { useCases } from '../../apps/api/src/incidents/use-cases/index.js';
import { API_SETTINGS, apiOn, type RunningApi } from '../support/api.js';

const catalogue = unionOf<Event>(incidentCatalogue as never, ledgerCatalogue as never, numberCatalogue as never);
const log = memoryLog({ catalogue });
const ADA = { 'faultline-actor': 'person:ada' };
const LONG = 'x'.repeat(20_001);
const NUL = 'a\u0000b';

let app: RunningApi;
let open = '';
let closed = '';

const report = async (): Promise<string> =>
  (await app.request('POST', '/api/v1/incidents', { title: 'No mail' }, ADA)).body.incidentId as string;

beforeAll(async () => {
  app = await apiOn(log);
  open = await report();
  closed = await report();
  for (const [resource, body] of [
    ['resolutions', { code: 'solved' }],
    ['closures', { code: 'solved' }],
  ] as const) {
    await app.request('POST', `/api/v1/incidents/${closed}/${resource}`, body, ADA);
  }
});
afterAll(() => app.close());

/** What is wrong with a request, and the request. Paths name the open incident `OPEN` and the closed one `CLOSED`. */
type Malformed = readonly [what: string, method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>];

const at = (resource: string) => `/api/v1/incidents/OPEN/${resource}`;

/** Values that no field of a kind takes. */
const WRONG = {
  text: [42, true, null, '', '   ', LONG, NUL, ['a'], { a: 1 }],
  name: [42, null, '', 'x'.repeat(201), 'two\nlines', NUL, ['a']],
  choice: ['no such', 7, null, '', ['person']],
  instant: ['yesterday', '2026-02-30T00:00:00Z', '2026-01-01', '2026-01-01T00:00:00+01:00', 5, null, ''],
  count: [-1, 0, 1.5, '5', null, 1e12, true],
  list: ['a', {}, [1], [''], Array.from({ length: 51 }, () => 'a')],
  object: ['a', 1, [], null],
  definitionId: [42, null, '', 'Ada', 'a b', 'a'.repeat(64)],
  entryId: [42, null, '', '-a', 'a b', 'a'.repeat(65)],
} as const;

const wrongAt = (path: string, good: object, fields: Readonly<Record<string, readonly unknown[]>>, method = 'POST'): Malformed[] =>
  Object.entries(fields).flatMap(([field, values]) =>
    values.map((value): Malformed => {
      const shown = JSON.stringify(value) ?? 'undefined';
      const [resource] = path.split('/').slice(-1);
      return [
        `${resource}: ${field} is ${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}`,
        method,
        path,
        { ...good, [field]: value },
      ];
    }),
  );

const wrong = (resource: string, good: object, fields: Readonly<Record<string, readonly unknown[]>>) => wrongAt(at(resource), good, fields);

const money = { amount: 100, currency: 'EUR' };

const FIELDS: Malformed[] = [
  ...Object.entries({
    title: [...WRONG.text, 'x'.repeat(201)],
    description: WRONG.text,
    channel: WRONG.choice,
    configurationItems: WRONG.list,
  }).flatMap(([field, values]) =>
    values.map((value, n): Malformed => [`report: ${field}, wrong way ${n}`, 'POST', '/api/v1/incidents', { title: 'x', [field]: value }]),
  ),
  ...wrong(
    'categorizations',
    { category: 'a' },
    { category: [42, '', 'x'.repeat(201)], by: WRONG.choice, confidence: [2, -1, 'high', null] },
  ),
  ...wrong(
    'prioritizations',
    { impact: 'high', urgency: 'low' },
    { impact: [...WRONG.name, 'enormous'], risks: ['financial', ['moral'], [1]], override: WRONG.object },
  ),
  ...wrong('assignments', { team: 'a' }, { team: [42, '', 'x'.repeat(201)], why: WRONG.choice }),
  ...wrong(
    'escalations',
    { kind: 'functional', to: 'b', reason: 'c' },
    { kind: WRONG.choice, to: WRONG.name, reason: WRONG.text, evidence: WRONG.list },
  ),
  ...wrong(
    'notes',
    { visibility: 'internal', text: 'a' },
    { visibility: WRONG.choice, text: WRONG.text, mentions: WRONG.list, occurredAt: WRONG.instant },
  ),
  ...wrong(
    'files',
    { name: 'a', mediaType: 'text/plain', sizeBytes: 1, sha256: 'a'.repeat(64) },
    { name: WRONG.name, mediaType: ['text', 7, null], sizeBytes: [-1, 1.5, '5', null, 1e12], sha256: ['abc', 'A'.repeat(64), null] },
  ),
  ...wrong(
    'diagnoses',
    { findings: 'a' },
    { findings: WRONG.text, answers: ['a', {}, [1], [{ question: 'a' }], [{ question: 'a', answer: 'b', extra: 1 }]] },
  ),
  ...wrong('workarounds', {}, { description: WRONG.text }),
  ...wrong('holds', { reason: 'vendor' }, { reason: [...WRONG.choice, 'unknown'], until: [...WRONG.instant, '2020-01-01T00:00:00Z'] }),
  ...wrong('major-incident', { incidentManager: 'a', reason: 'b' }, { incidentManager: WRONG.name, reason: WRONG.text }),
  ...wrong(
    'stakeholder-updates',
    { audience: 'public', text: 'a' },
    { audience: WRONG.choice, text: WRONG.text, nextUpdateDueAt: WRONG.instant },
  ),
  ...wrong(
    'work-logs',
    { minutes: 5, activity: 'a' },
    {
      minutes: WRONG.count,
      activity: WRONG.text,
      hourlyRate: [...WRONG.object, { amount: 1.5, currency: 'EUR' }, { amount: 1, currency: 'euro' }, { ...money, tip: 1 }],
    },
  ),
  ...wrong('links', { kind: 'problem', target: 'a' }, { kind: WRONG.choice, target: WRONG.name }),
  ...wrong(
    'resolutions',
    { code: 'a' },
    {
      code: WRONG.name,
      fix: ['magic', 7],
      restoredAt: [...WRONG.instant, '2099-01-01T00:00:00Z'],
      downtime: [...WRONG.object, { minutes: -1, minuteRate: money }, { minutes: 1 }],
    },
  ),
  ...wrong(
    'cancellations',
    { cause: 'mistake', reason: 'a' },
    { cause: [...WRONG.choice, 'duplicate'], reason: WRONG.text, duplicateOf: ['INC0000002'] },
  ),
  ...wrong(
    'corrections',
    { eventRevision: 0, fact: 'title', is: 'b', reason: 'c', approvedBy: 'carol' },
    { eventRevision: [-1, 1.5, '0', null], fact: ['incidentId', '__proto__', ''], is: [42, '', null], approvedBy: ['ada', ''] },
  ),
];

const week = { from: '2099-01-05T08:00:00Z', to: '2099-01-12T08:00:00Z' };
const SCHEDULE = '/api/v1/on-call-schedules/payments';
const FEED = '/api/v1/calendars/office/holiday-feeds/belgium';
const ICALENDAR = { ...ADA, 'content-type': 'text/calendar' };
const OF_THE_SITE: Malformed[] = [
  ...wrongAt(
    `${SCHEDULE}/overrides`,
    { person: 'ada', ...week, reason: 'a' },
    {
      overrideId: WRONG.entryId,
      person: WRONG.definitionId,
      from: WRONG.instant,
      to: WRONG.instant,
      reason: [...WRONG.text, 'x'.repeat(2_001)],
      nonsense: [1],
    },
  ),
  ...wrongAt(
    `${SCHEDULE}/swaps`,
    { first: { person: 'ada', ...week }, second: { person: 'bob', ...week } },
    {
      swapId: WRONG.entryId,
      first: [...WRONG.object, {}, { person: 'ada', ...week, from: 'soon' }],
      second: WRONG.object,
      reason: ['', 'x'.repeat(2_001)],
    },
  ),
  ['an override that is nowhere', 'POST', `${SCHEDULE}/overrides`, { person: 'nobody', ...week, reason: 'a' }],
  ['no reason to end an override', 'DELETE', `${SCHEDULE}/overrides/o-1`, {}],
  ['an override that there is not', 'DELETE', `${SCHEDULE}/overrides/o-1`, { reason: 'a' }],
  ['an impossible id of an override', 'DELETE', `${SCHEDULE}/overrides/${encodeURIComponent('a b')}`, { reason: 'a' }],
  ...['at=soon', 'limit=0', 'cursor=abc', 'schedules=', 'schedules=none', 'x=1'].map((query): Malformed => [
    `on call: ${query}`,
    'GET',
    `/api/v1/on-call?${query}`,
  ]),
  ...['from=soon', 'to=2001-01-01T00:00:00Z', 'to=2099-01-01T00:00:00Z', 'schedules=none'].map((query): Malformed => [
    `coverage: ${query}`,
    'GET',
    `/api/v1/on-call/coverage?${query}`,
  ]),
  ...['from=soon', 'to=2001-01-01T00:00:00Z', 'limit=1001', ''].map((query): Malformed => [
    `shifts: ${query || 'of nothing'}`,
    'GET',
    `${SCHEDULE}/shifts?${query}`,
  ]),
  ...wrongAt(
    '/api/v1/people/ada/absences',
    { ...week, reason: 'a' },
    { absenceId: WRONG.entryId, from: WRONG.instant, to: WRONG.instant, reason: [...WRONG.text, 'x'.repeat(201)], nonsense: [1] },
  ),
  ...wrongAt('/api/v1/people/ada/absences/a-1', {}, { at: WRONG.instant, nonsense: [1] }, 'DELETE'),
  ['an absence of nobody', 'POST', '/api/v1/people/nobody/absences', { ...week, reason: 'a' }],
  ['an absence that there is not', 'DELETE', '/api/v1/people/ada/absences/a-1', {}],
  ['an impossible id of an absence', 'DELETE', `/api/v1/people/ada/absences/${encodeURIComponent('a b')}`, {}],
  ...['at=soon', 'team=none', 'team=', 'present=perhaps', 'limit=0', 'cursor=abc', 'x=1'].map((query): Malformed => [
    `presence: ${query}`,
    'GET',
    `/api/v1/presence?${query}`,
  ]),
  ...['team=none', 'after=x', 'cursor=abc', 'at=2026-01-01T00:00:00Z'].map((query): Malformed => [
    `workloads: ${query}`,
    'GET',
    `/api/v1/workloads?${query}`,
  ]),
  ...wrongAt('/api/v1/taxonomies/site/guidance', {}, { answers: [...WRONG.list, ['x'.repeat(501)]], at: WRONG.instant, nonsense: [1] }),
  ['guidance by no taxonomy', 'POST', '/api/v1/taxonomies/site/guidance', {}],
  ['guidance by another one', 'POST', '/api/v1/taxonomies/mine/guidance', {}],
  ...['from=soon', 'to=never', 'from=2026-02-01&to=2026-01-01', 'timeZone=Mars/Olympus', 'x=1', ''].map((query): Malformed => [
    `other share: ${query || 'of no taxonomy'}`,
    'GET',
    `/api/v1/taxonomies/site/other-share?${query}`,
  ]),
  ...['', 'from=soon', 'to=2001-01-01T00:00:00Z', 'to=2099-01-01T00:00:00Z', 'cursor=abc'].map((query): Malformed => [
    `working time: ${query || 'by no calendar'}`,
    'GET',
    `/api/v1/calendars/office/working-time?${query}`,
  ]),
  ...[
    '',
    'amount=1',
    'unit=business-days',
    'amount=0&unit=business-days',
    'amount=1.5&unit=business-days',
    'amount=1&unit=days',
    'amount=1&unit=business-days',
  ].map((query): Malformed => [`deadline: ${query || 'of nothing'}`, 'GET', `/api/v1/calendars/office/deadline?${query}`]),
  ['a feed for no calendar', 'PUT', `${FEED}`, FEED_EXAMPLE, ICALENDAR],
  ['a feed that is none', 'PUT', FEED, 'hello', ICALENDAR],
  ['an empty feed', 'PUT', FEED, '', ICALENDAR],
  ['a feed as JSON', 'PUT', FEED, {}],
  ['a feed that nobody sends', 'PUT', FEED, FEED_EXAMPLE, { 'content-type': 'text/calendar' }],
  ['a feed under an impossible name', 'PUT', '/api/v1/calendars/office/holiday-feeds/a%20b', FEED_EXAMPLE, ICALENDAR],
  ['a feed from no day', 'PUT', `${FEED}?from=2026-02-30`, FEED_EXAMPLE, ICALENDAR],
  ['a feed up to no day', 'PUT', `${FEED}?to=soon`, FEED_EXAMPLE, ICALENDAR],
  ['a feed from no instant on', 'PUT', `${FEED}?effectiveFrom=soon`, FEED_EXAMPLE, ICALENDAR],
  ['iCalendar where JSON is read', 'POST', '/api/v1/incidents', FEED_EXAMPLE, ICALENDAR],
  ['shifts of an impossible id', 'GET', '/api/v1/people/Ada/shifts'],
  ['a feed of nobody', 'GET', '/api/v1/people/nobody/shifts.ics'],
  ['a feed of nothing', 'GET', `${SCHEDULE}/shifts.ics`],
];

const UNKNOWN: Malformed[] = [
  ['report: a field that there is not', 'POST', '/api/v1/incidents', { title: 'x', severity: 1 }],
  ['report: no title', 'POST', '/api/v1/incidents', {}],
  ...useCases.map(({ definition: { name, method = 'POST', resource } }): Malformed => [
    `${name}: a field that there is not`,
    method,
    at(resource),
    { nonsense: true },
  ]),
  ...useCases.map(({ definition: { name, method = 'POST', resource } }): Malformed => [
    `${name}: a list for a body`,
    method,
    at(resource),
    [],
  ]),
  ...useCases.map(({ definition: { name, method = 'POST', resource } }): Malformed => [
    `${name}: an impossible number in the path`,
    method,
    `/api/v1/incidents/${encodeURIComponent('no such/number')}/${resource}`,
    {},
  ]),
];

const BODIES: Malformed[] = [
  ['broken JSON', 'POST', '/api/v1/incidents', '{"title": '],
  ['JSON that goes on', 'POST', '/api/v1/incidents', '{"title": "x"}}'],
  ['text', 'POST', '/api/v1/incidents', 'hello'],
  ['a number', 'POST', '/api/v1/incidents', '42'],
  ['null', 'POST', '/api/v1/incidents', 'null'],
  ['an empty body', 'POST', '/api/v1/incidents', ''],
  ['a poisoned prototype', 'POST', '/api/v1/incidents', '{"title": "x", "__proto__": {"admin": true}}'],
  ['a poisoned constructor', 'POST', '/api/v1/incidents', '{"title": "x", "constructor": {"prototype": {"admin": true}}}'],
  ['a body too large', 'POST', '/api/v1/incidents', { title: 'x', description: 'y'.repeat(API_SETTINGS.bodyLimitBytes) }],
  ['another media type', 'POST', '/api/v1/incidents', '<title/>', { 'content-type': 'application/xml' }],
  ['a form', 'POST', '/api/v1/incidents', 'title=x', { ...ADA, 'content-type': 'application/x-www-form-urlencoded' }],
  ['nothing at all', 'POST', '/api/v1/incidents'],
];

const HEADERS: Malformed[] = [
  ['nobody asks', 'POST', '/api/v1/incidents', { title: 'x' }, { 'faultline-actor': '' }],
  ['an actor without a kind', 'POST', '/api/v1/incidents', { title: 'x' }, { 'faultline-actor': 'ada' }],
  ['an actor of no kind', 'POST', '/api/v1/incidents', { title: 'x' }, { 'faultline-actor': 'robot:ada' }],
  ['an importer', 'POST', '/api/v1/incidents', { title: 'x' }, { 'faultline-actor': 'import:ada' }],
  ['too long an actor', 'POST', '/api/v1/incidents', { title: 'x' }, { 'faultline-actor': `person:${'a'.repeat(201)}` }],
  ['a name that is not percent-encoded', 'POST', '/api/v1/incidents', { title: 'x' }, { ...ADA, 'faultline-actor-name': '%E0%A4%A' }],
  ['odd roles', 'POST', '/api/v1/incidents', { title: 'x' }, { ...ADA, 'faultline-actor-roles': 'a b, c' }],
  ['an empty key', 'POST', '/api/v1/incidents', { title: 'x' }, { ...ADA, 'idempotency-key': '' }],
  ['a key with spaces', 'POST', '/api/v1/incidents', { title: 'x' }, { ...ADA, 'idempotency-key': 'a b' }],
  ['too long a key', 'POST', '/api/v1/incidents', { title: 'x' }, { ...ADA, 'idempotency-key': 'k'.repeat(256) }],
  ['a weak ETag', 'POST', at('notes'), { visibility: 'internal', text: 'a' }, { ...ADA, 'if-match': 'W/"0"' }],
  ['an ETag without quotes', 'POST', at('notes'), { visibility: 'internal', text: 'a' }, { ...ADA, 'if-match': '0' }],
  ['an ETag that is no number', 'POST', at('notes'), { visibility: 'internal', text: 'a' }, { ...ADA, 'if-match': '"abc"' }],
  ['a revision that is lost', 'POST', at('notes'), { visibility: 'internal', text: 'a' }, { ...ADA, 'if-match': '"7"' }],
  ['a time to come', 'POST', '/api/v1/incidents', { title: 'x', occurredAt: '2099-01-01T00:00:00Z' }],
];

const QUERIES: Malformed[] = [
  ...[
    'limit=0',
    'limit=-1',
    'limit=a',
    'limit=1001',
    'limit=1.5',
    'after=x',
    'after=-1',
    'sort=mood',
    'cursor=',
    'colour=red',
    'open=perhaps',
    'status=weird',
  ].map((query): Malformed => [`search: ${query}`, 'GET', `/api/v1/incidents?${query}`]),
  ...[
    'cursor=abc',
    `cursor=${Buffer.from('[1,2]').toString('base64url')}`,
    'text=%20%3F',
    'reportedFrom=soon',
    'reportedTo=2026-13-01T00:00:00Z',
  ].map((query): Malformed => [`search: ${query}`, 'GET', `/api/v1/incidents?${query}`]),
  ...['limit=0', 'sort=mood', 'status=closed', 'channel=pigeon', 'major=2', 'cursor=abc', 'priority='].map((query): Malformed => [
    `queue: ${query}`,
    'GET',
    `/api/v1/queue?${query}`,
  ]),
  ...[
    'from=soon',
    'to=never',
    'from=2026-02-01&to=2026-01-01',
    'by=mood',
    'by=team+team',
    'by=month+priority+category+team+service',
    'definitions=mttr@9',
    'timeZone=Mars/Olympus',
    'ranks=maybe',
    'x=1',
  ].map((query): Malformed => [`kpis: ${query}`, 'GET', `/api/v1/kpis?${query.replaceAll('+', '%2B')}`]),
  ...['limit=0', 'limit=10001', 'after=x', 'after=99999999999999999999', 'since=1'].map((query): Malformed => [
    `events: ${query}`,
    'GET',
    `/api/v1/events?${query}`,
  ]),
  ['events: a Last-Event-ID that is none', 'GET', '/api/v1/events', undefined, { accept: 'text/event-stream', 'last-event-id': 'x' }],
  ...['from=0', 'from=x', 'limit=0'].map((query): Malformed => [`history: ${query}`, 'GET', `/api/v1/incidents/OPEN/history?${query}`]),
  ['history: of nothing', 'GET', '/api/v1/incidents/INC9999999/history'],
  ...['sort=mood', 'occurredFrom=x', 'limit=0'].map((query): Malformed => [`audit trail: ${query}`, 'GET', `/api/v1/audit-trail?${query}`]),
  ['an impossible number', 'GET', `/api/v1/incidents/${encodeURIComponent('a b')}`],
  ['too long a number', 'GET', `/api/v1/incidents/${'I'.repeat(150)}`],
];

const preview = (body: object): readonly [string, string, unknown] => ['POST', '/api/v1/notice-template-previews', body];
const NOTICE_PATH = '/api/v1/notices/6b0d1f5a-5f6e-8c1d-9a53-1d2f6f3ab001';
const drafted = (draft: unknown, more: object = {}) => preview({ occasion: 'resolved', draft, ...more });

const NOTICES: Malformed[] = [
  ...['status=weird', 'recipient=els', 'recipient=robot:els', 'occasion=birthday', 'channel=pigeon', 'limit=0', 'cursor=abc', 'x=1'].map(
    (query): Malformed => [`notices: ${query}`, 'GET', `/api/v1/notices?${query}`],
  ),
  ['a notice under no id', 'GET', '/api/v1/notices/INC0000001'],
  ['a notice that there is not', 'GET', NOTICE_PATH],
  ['requeue a notice that there is not', 'POST', `${NOTICE_PATH}/requeues`, { reason: 'a' }],
  ['requeue nothing', 'POST', '/api/v1/notices/x/requeues', { reason: 'a' }],
  ...[...WRONG.text, 'x'.repeat(501)].map((reason, n): Malformed => [
    `requeue: reason, wrong way ${n}`,
    'POST',
    `${NOTICE_PATH}/requeues`,
    { reason },
  ]),
  ...WRONG.choice.map((occasion, n): Malformed => [`preview: occasion, wrong way ${n}`, ...preview({ occasion })]),
  ...['english', 'EN', 7, null].map((language): Malformed => [
    `preview: language ${language}`,
    ...preview({ occasion: 'resolved', language }),
  ]),
  ...['Mars/Olympus', '', 7].map((timeZone): Malformed => [`preview: zone ${timeZone}`, ...preview({ occasion: 'resolved', timeZone })]),
  ...WRONG.object.map((draft, n): Malformed => [`preview: draft, wrong way ${n}`, ...drafted(draft)]),
  ...WRONG.object.map((facts, n): Malformed => [`preview: facts, wrong way ${n}`, ...preview({ occasion: 'resolved', facts })]),
  ...[
    { text: 'x' },
    { subject: 'x', text: 'x', colour: 'red' },
    { subject: '{{salary}}', text: 'x' },
    { subject: 'x', text: '{{#each x}}{{/each}}' },
    { subject: 'x', text: '{{notes}}' },
    { subject: 'x', text: 'x', html: '{{{title}}}' },
    { subject: 'x', text: '{{' },
  ].map((draft): Malformed => [`preview: ${JSON.stringify(draft)}`, ...drafted(draft)]),
  ...[{ salary: '1' }, { title: null }, { title: 5 }, { resolvedAt: 'soon' }, { confirmLink: 'javascript:alert(1)' }].map(
    (facts): Malformed => [`preview: facts ${JSON.stringify(facts)}`, ...preview({ occasion: 'resolved', facts })],
  ),
];

const ROUTES: Malformed[] = [
  ['no such path', 'GET', '/api/v1/nothing'],
  ['no such version', 'GET', '/api/v2/incidents'],
  ['no such method', 'PUT', '/api/v1/incidents', {}],
  ['history cannot be written', 'POST', at('history'), {}],
  ['history cannot be deleted', 'DELETE', '/api/v1/incidents/OPEN'],
  ['a path that cannot be decoded', 'GET', '/api/v1/incidents/%E0%A4%A'],
];

const TRANSITIONS: Malformed[] = [
  ['close what is not resolved', 'POST', at('closures'), { code: 'solved' }],
  ['resume what does not wait', 'POST', at('resumptions'), { cause: 'answered' }],
  ['reopen what is open', 'POST', at('reopenings'), { cause: 'recurred', reason: 'a' }],
  ['confirm what is not resolved', 'POST', at('confirmations'), {}],
  ['reject what is not resolved', 'POST', at('rejections'), { reason: 'a' }],
  ['stand down what is not major', 'DELETE', at('major-incident'), { reason: 'a' }],
  ['unlink what is not linked', 'DELETE', at('links'), { kind: 'problem', target: 'PRB1', reason: 'a' }],
  ['link it to itself', 'POST', at('links'), { kind: 'duplicate-of', target: 'OPEN' }],
  [
    'correct an event that there is not',
    'POST',
    at('corrections'),
    { eventRevision: 99, fact: 'title', is: 'b', reason: 'c', approvedBy: 'carol' },
  ],
  ...(
    [
      ['acknowledgements', {}],
      ['assignments', { team: 'a' }],
      ['categorizations', { category: 'a' }],
      ['prioritizations', { impact: 'high', urgency: 'low' }],
      ['escalations', { kind: 'hierarchical', to: 'a', reason: 'b' }],
      ['holds', { reason: 'vendor' }],
      ['resolutions', { code: 'a' }],
      ['closures', { code: 'b', how: 'confirmed' }],
      ['cancellations', { cause: 'mistake', reason: 'a' }],
      ['reclassifications', { serviceRequest: 'REQ1', reason: 'a' }],
      ['major-incident', { incidentManager: 'a', reason: 'b' }],
      ['work-logs', { minutes: 5, activity: 'a' }],
    ] as const
  ).map(([resource, body]): Malformed => [`closed: ${resource}`, 'POST', `/api/v1/incidents/CLOSED/${resource}`, body]),
  ...useCases
    .filter(({ definition: { resource } }) => resource === 'notes' || resource === 'acknowledgements')
    .map(({ definition: { resource } }): Malformed => [
      `an incident that there is not: ${resource}`,
      'POST',
      `/api/v1/incidents/INC9999999/${resource}`,
      resource === 'notes' ? { visibility: 'public', text: 'a' } : {},
    ]),
];

// objects, not rows: to a row that is shorter than the test's parameters, Jest adds its callback
const ALL = [...FIELDS, ...OF_THE_SITE, ...UNKNOWN, ...BODIES, ...HEADERS, ...QUERIES, ...NOTICES, ...ROUTES, ...TRANSITIONS].map(
  ([what, method, path, body, headers = ADA]) => ({ what, method, path, body, headers }),
);

const named = (text: string) => text.replaceAll('OPEN', open).replaceAll('CLOSED', closed);

describe('bad input', () => {
  it('is plenty', () => expect(ALL.length).toBeGreaterThanOrEqual(200));

  it.each(ALL)('$what: is told what is wrong, and leaves nothing behind', async ({ method, path, body, headers }) => {
    const before = await log.headPosition();
    const sent = typeof body === 'string' || body === undefined ? body : JSON.parse(named(JSON.stringify(body)));
    const { status, headers: answered, body: told } = await app.request(method, named(path), sent, headers);
    expect({ status, told }).toEqual({
      status: expect.any(Number),
      told: expect.objectContaining({ status, code: expect.stringMatching(/^[A-Z0-9_]+$/), detail: expect.stringMatching(/./) }),
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(answered['content-type']).toContain('application/problem+json');
    expect(await log.headPosition()).toBe(before);
  });

  it('names each wrong field of a request at once', async () => {
    const { body } = await app.request('POST', '/api/v1/incidents', { title: '', channel: 'pigeon', colour: 'red' }, ADA);
    const { errors } = body as unknown as { errors: { field: string; message: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(['channel', 'colour', 'title']);
    expect(errors.every(({ message }) => message.length > 5)).toBe(true);
  });

  it('of the wire itself is refused too', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.end('NONSENSE / HTTP/9.9\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});
