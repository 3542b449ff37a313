import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerCatalogue, unionOf, type Event } from '#kernel';
import { noticeTemplateCatalogue } from '#domain/notifications';
import { memoryLog } from '#testing';
import { startMailServer, type MailServer } from '../../libs/adapters/notification-channels/src/mail-server.fixture.js';
import { apiOn, type RunningApi } from '../support/api.js';
import { PlayedSite } from '../support/played-site.js';
import { dataFolder, start, until, type Server } from '../support/program.js';

const PATIENCE_MS = 60_000;

type Notice = Readonly<
  Record<string, string> & { attempts: readonly Record<string, unknown>[]; requeues: readonly Record<string, unknown>[] }
>;

/** The words of a mail, out of their transport encoding (RFC 2045, quoted-printable). */
const textOf = (raw: string): string => {
  const bytes = raw.slice(raw.indexOf('\r\n\r\n')).replace(/=\r\n/g, '');
  return decodeURIComponent(bytes.replaceAll('%', '%25').replace(/=([0-9A-F]{2})/g, '%$1')).replaceAll('\r\n', '\n');
};

describe('people are told, by a mail server and a webhook that are really there', () => {
  const KEY = Buffer.alloc(32, 'k');
  const refusing = new Set<string>();
  const hooks: { headers: IncomingHttpHeaders; body: string }[] = [];
  let mail: MailServer;
  let receiver: HttpServer;
  let folder: ReturnType<typeof dataFolder>;
  let server: Server;

  beforeAll(async () => {
    mail = await startMailServer({
      onRcptTo: ({ address }, _, done) =>
        done(refusing.has(address) ? Object.assign(new Error('No such mailbox'), { responseCode: 550 }) : null),
    });
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        hooks.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
    folder = dataFolder();
    const webhooks = join(folder.path, 'webhooks.yaml');
    const { port } = receiver.address() as AddressInfo;
    writeFileSync(
      webhooks,
      `chat:\n  url: http://127.0.0.1:${port}/in\n  secrets: [whsec_${KEY.toString('base64')}]\n  occasions: [assigned-to-you]\n`,
    );
    server = await start(folder.path, {
      FAULTLINE_SMTP_URI: `smtp://127.0.0.1:${mail.port}`,
      FAULTLINE_MAIL_FROM: 'Service desk <desk@example.org>',
      FAULTLINE_WEBHOOKS: webhooks,
    });
    for (const id of ['ada', 'bob']) {
      const definition = { name: id, email: `${id}@example.org`, language: 'en', timeZone: 'Europe/Brussels' };
      await ask('PUT', `/people/${id}`, { definition });
    }
  }, PATIENCE_MS);

  afterAll(async () => {
    await server.stop();
    await mail.stop();
    await new Promise((closed) => receiver.close(closed));
    folder.remove();
  });

  const ask = async <Answer = Record<string, string>>(method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { 'faultline-actor': 'person:desk', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const notices = async (query: string) => (await ask<{ items: Notice[] }>('GET', `/notices?${query}`)).items;
  const report = async () => (await ask('POST', '/incidents', { title: 'No mail', reporter: 'zoe@example.org' })).incidentId as string;
  const mailsTo = (address: string, about: string) => mail.received.filter(({ to, raw }) => to.includes(address) && raw.includes(about));
  const resolve = (incidentId: string) =>
    ask('POST', `/incidents/${incidentId}/resolutions`, { code: 'solved', fix: 'fix', notes: 'A new cable' });
  const history = async (incidentId: string) =>
    (await ask<{ items: { type: string; data: Record<string, string>; metadata: object }[] }>('GET', `/incidents/${incidentId}/history`))
      .items;

  /** The links of the mail that asks the reporter. */
  const linksIn = async (incidentId: string) => {
    const asked = () => mailsTo('zoe@example.org', `Does it work again? ${incidentId}`);
    await until(() => asked().length > 0);
    return textOf(asked().at(-1)?.raw ?? '').match(/http:\S+\/confirm\/\S+/g) as [string, string];
  };

  it(
    'an assignment: its agent by mail, and a webhook whose signature proves whom it is from',
    async () => {
      const incidentId = await report();
      await ask('POST', `/incidents/${incidentId}/assignments`, { agent: 'ada' });
      await until(async () => (await notices(`incidentId=${incidentId}&status=sent`)).length === 2);

      const sent = await notices(`incidentId=${incidentId}&occasion=assigned-to-you`);
      const [byMail, byHook] = ['email', 'webhook'].map((channel) => sent.find((notice) => notice.channel === channel)) as [Notice, Notice];
      expect(byMail).toMatchObject({ recipient: { person: 'ada' }, why: 'It was assigned to them' });
      const [message] = mailsTo('ada@example.org', incidentId);
      expect(message?.raw).toContain(`Message-ID: <${byMail.noticeId}@example.org>`);
      const whole = await ask<Notice>('GET', `/notices/${byMail.noticeId}`);
      expect(whole).toMatchObject({ text: expect.stringContaining('No mail'), attempts: [{ attempt: 1, outcome: 'sent', error: null }] });
      expect(textOf(message?.raw ?? '').trim()).toBe((whole.text as string).trim());

      const [hook] = hooks;
      const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = hook?.headers ?? {};
      expect(id).toBe(byHook.noticeId);
      expect(signature).toBe(`v1,${createHmac('sha256', KEY).update(`${id}.${timestamp}.${hook?.body}`).digest('base64')}`);
      expect(JSON.parse(hook?.body ?? '')).toMatchObject({ type: 'notice.update', data: { incidentId, noticeId: id } });
      expect(hooks).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  it(
    'a failure can be seen, and what failed is sent once its cause is gone and somebody says so',
    async () => {
      refusing.add('bob@example.org');
      const incidentId = await report();
      await ask('POST', `/incidents/${incidentId}/assignments`, { agent: 'bob' });
      const abandoned = () => notices(`status=abandoned&recipient=person:bob&incidentId=${incidentId}`);
      await until(async () => (await abandoned()).length === 1);
      const [{ noticeId, lastError } = {} as Notice] = await abandoned();
      expect(lastError).toContain('550');
      expect(await ask('GET', `/notices/${noticeId}`)).toMatchObject({ abandonedBecause: 'Trying again cannot help' });

      refusing.clear();
      await ask('POST', `/notices/${noticeId}/requeues`, { reason: 'He has a mailbox now' });
      await until(() => mailsTo('bob@example.org', incidentId).length === 1);
      await until(async () => (await ask('GET', `/notices/${noticeId}`)).status === 'sent');
      const { attempts, requeues } = await ask<Notice>('GET', `/notices/${noticeId}`);
      expect(attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'sent']);
      expect(requeues).toMatchObject([{ by: 'desk', reason: 'He has a mailbox now' }]);
    },
    PATIENCE_MS,
  );

  it(
    'a resolution: the reporter follows the link of the mail, and confirms by the button',
    async () => {
      const incidentId = await report();
      await resolve(incidentId);
      const [confirm] = await linksIn(incidentId);
      const [asked] = await notices(`incidentId=${incidentId}&occasion=resolved`);
      // whoever reads the log or the API holds no link that works
      expect((await ask<Notice>('GET', `/notices/${asked?.noticeId}`)).text).not.toContain('/confirm/');

      for (const method of ['HEAD', 'GET', 'GET']) expect((await fetch(confirm, { method })).status).toBe(200);
      expect((await history(incidentId)).map(({ type }) => type)).not.toContain('ResolutionConfirmed');
      const page = await (await fetch(confirm)).text();
      const action = /<form method="post" action="([^"]+)"><button>Yes/.exec(page)?.[1] as string;
      const answer = await fetch(new URL(action, confirm), { method: 'POST', body: new URLSearchParams() });
      expect(await answer.text()).toContain('<h1>You have confirmed that it works again</h1>');
      expect((await history(incidentId)).find(({ type }) => type === 'ResolutionConfirmed')).toMatchObject({
        metadata: { actor: { kind: 'person', id: 'zoe@example.org', roles: ['reporter-by-link'] } },
      });
    },
    PATIENCE_MS,
  );

  it(
    'a rejection opens it again, and whoever works on it is told why',
    async () => {
      const incidentId = await report();
      await ask('POST', `/incidents/${incidentId}/assignments`, { agent: 'ada' });
      await resolve(incidentId);
      const [, reject] = await linksIn(incidentId);
      const answer = await fetch(reject, { method: 'POST', body: new URLSearchParams({ reason: 'It says "no connection"' }) });
      expect(await answer.text()).toContain('<h1>It is open again</h1>');
      expect((await history(incidentId)).at(-1)).toMatchObject({
        type: 'IncidentReopened',
        data: { cause: 'rejected', reason: 'It says "no connection"' },
      });
      const told = () => mailsTo('ada@example.org', `Open again: ${incidentId}`);
      await until(() => told().length === 1);
      expect(textOf(told()[0]?.raw ?? '')).toContain('Reason: It says "no connection"');
    },
    PATIENCE_MS,
  );
});

describe('somebody who wants to sleep', () => {
  let site: PlayedSite;
  afterEach(() => site.stop());

  /** Ada in Berlin, at nine in the evening; she wants nothing before seven, and what there is at once at eight. */
  const begin = async () => {
    site = await PlayedSite.at('2026-03-28T20:00:00.000Z');
    const person = { name: 'Ada', email: 'ada@example.org', language: 'en', timeZone: 'Europe/Berlin' };
    const every = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
    await site.done('PUT', '/people/ada', { definition: person });
    const preferences = { channels: ['console'], quietHours: [{ days: every, from: '20:00', to: '07:00' }], digestAt: ['08:00'] };
    await site.done('PUT', '/notice-preferences/ada', { definition: preferences });
  };
  const assign = async () => {
    const { incidentId } = await site.done('POST', '/incidents', { title: 'No mail', reporter: 'zoe' });
    await site.done('POST', `/incidents/${incidentId}/assignments`, { agent: 'ada' });
    return incidentId as string;
  };
  const left = () => site.left.map(({ at, kind, to }) => `${at.slice(5, 16)} ${kind} ${to}`);

  it('gets a night’s updates as one message in the morning, by the clock that was set forward', async () => {
    await begin();
    const incidents = [await assign(), await assign(), await assign()];
    await site.until('2026-03-29T05:59:00.000Z');
    expect(left()).toEqual([]);
    const held = JSON.parse((await site.request('GET', '/notices?status=waiting')).text) as { items: Record<string, string>[] };
    // eight in the morning is six by UTC: the clocks were set forward that night
    expect(held.items.map(({ notBefore }) => notBefore)).toEqual(Array(3).fill('2026-03-29T06:00:00.000Z'));

    await site.until('2026-03-29T07:00:00.000Z');
    expect(left()).toEqual(['03-29T06:00 digest ada']);
    expect(site.left[0]?.subject).toBe('3 updates');
    for (const incidentId of incidents) expect(site.left[0]?.text).toContain(incidentId);
    const taken = JSON.parse((await site.request('GET', '/notices?status=combined')).text) as { items: Record<string, string>[] };
    expect(new Set(taken.items.map(({ digestId }) => digestId))).toEqual(new Set([site.left[0]?.noticeId]));
  });

  it('is woken by a page', async () => {
    await begin();
    await site.done('PUT', '/escalation-policies/silence', {
      definition: {
        ...{ name: 'Nobody answers', rank: 1, triggers: ['not-acknowledged'] },
        steps: [{ wait: { amount: 5, unit: 'elapsed-minutes' }, targets: [{ kind: 'person', id: 'ada' }] }],
      },
    });
    await assign();
    await site.until('2026-03-28T20:06:00.000Z');
    expect(left()).toEqual(['03-28T20:05 page ada']);
  });
});

describe('whoever words notices', () => {
  const log = memoryLog({ catalogue: unionOf<Event>(ledgerCatalogue as never, noticeTemplateCatalogue as never) });
  let app: RunningApi;
  beforeAll(async () => {
    app = await apiOn(log);
  });
  afterAll(() => app.close());

  const preview = async (body: object) =>
    (await app.request('POST', '/api/v1/notice-template-previews', body)).body as Record<string, unknown>;

  it('sees the template in force: the program’s own, and then the site’s', async () => {
    expect(await preview({ occasion: 'closed', language: 'de-CH', timeZone: 'Europe/Zurich' })).toMatchObject({
      ...{ templateVersion: 0, language: 'de', subject: 'Geschlossen: INC0000123 Card terminals decline every payment' },
      text: expect.stringContaining('Mo., 12. Januar 2026 um 11:05 MEZ'),
    });
    const definition = { name: 'Ours', occasion: 'closed', defaultLanguage: 'en', texts: { en: { subject: 'Over', text: '{{title}}' } } };
    await app.request('PUT', '/api/v1/notice-templates/closed', { definition }, { 'faultline-actor': 'person:desk' });
    expect(await preview({ occasion: 'closed', facts: { title: 'No mail' } })).toMatchObject({
      ...{ templateVersion: 1, language: 'en', subject: 'Over', text: 'No mail', html: null },
      facts: { title: 'No mail', incidentId: 'INC0000123' },
    });
  });

  it('tries a draft, with facts that are not known, and nothing is kept', async () => {
    const before = await log.headPosition();
    const draft = { subject: '{{title}}', text: 'Hello{{#if priority}}, {{priority}}{{/if}}', html: '<b>{{title}}</b>' };
    const facts = { title: '<i>No mail</i>', priority: null };
    expect(await preview({ occasion: 'reopened', draft, facts })).toMatchObject({
      ...{ templateVersion: null, subject: '<i>No mail</i>', text: 'Hello', html: '<b>&lt;i&gt;No mail&lt;/i&gt;</b>' },
    });
    expect(await log.headPosition()).toBe(before);
  });

  it('is told what is wrong with a draft, field by field and line by line', async () => {
    const draft = { subject: '{{salary}}', text: 'Good morning\n{{reason}}', html: '{{{title}}}' };
    const { code, errors } = await preview({ occasion: 'reopened', language: 'nl', draft });
    expect(code).toBe('TEMPLATE_INVALID');
    expect(errors).toMatchObject([
      {
        field: 'draft.subject',
        message: expect.stringMatching(/^line 1: "salary" is no fact of this occasion: there is incidentId, title/),
      },
      { field: 'draft.text', message: 'line 2: reason is not always known: it goes between {{#if reason}} and {{/if}}' },
      { field: 'draft.html', message: expect.stringMatching(/^line 1: three braces/) },
    ]);
  });
});
