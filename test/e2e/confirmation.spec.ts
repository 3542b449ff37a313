import { hash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ledgerCatalogue, LOG_START, numberCatalogue, Unavailable, unionOf, type Event } from '#kernel';
import { incidentCatalogue, type IncidentEvent } from '#domain/incident';
import { OneTimeLinks, type LinkAction } from '#domain/one-time-links';
import { memoryLog } from '#testing';
import { apiOn, type RunningApi } from '../support/api.js';

const catalogue = unionOf<Event>(incidentCatalogue as never, ledgerCatalogue as never, numberCatalogue as never);
const START = Date.parse('2026-01-05T10:00:00Z');
let nowMs = START;
const log = memoryLog({ catalogue, clock: { now: () => new Date(nowMs).toISOString() } });
const links = new OneTimeLinks(Buffer.alloc(32, 'a'));
const EXPIRES = '2026-01-12T10:00:00.000Z';
const TITLE = 'No mail <script>alert("1")</script>';

let app: RunningApi;
let incidentId: string;
beforeAll(async () => {
  app = await apiOn(log, { links, now: () => new Date(nowMs) });
});
afterAll(() => app.close());

const others: RunningApi[] = [];
afterEach(() => Promise.all(others.splice(0).map((other) => other.close())));

/** The pages of another server, gone after the test. */
const another = async (...asked: Parameters<typeof apiOn>) => {
  const other = await apiOn(...asked);
  others.push(other);
  return other.url;
};

const command = async (path: string, body: object, by = 'desk') => {
  const answer = await app.request('POST', `/api/v1/incidents${path}`, body, { 'faultline-actor': `person:${by}` });
  if (answer.status >= 400) throw new Error(answer.text);
  return answer.body;
};
const resolve = () => command(`/${incidentId}/resolutions`, { code: 'solved', fix: 'fix', notes: 'A new "switch" & <b>cable</b>' });

beforeEach(async () => {
  nowMs = START;
  incidentId = (await command('', { title: TITLE, reporter: 'zoe' })).incidentId as string;
  await resolve();
});

const history = async () => {
  const events: (IncidentEvent & { metadata: { actor: object } })[] = [];
  for await (const event of log.readStream<IncidentEvent>(`incident-${incidentId}`)) events.push(event);
  return events;
};
const lastResolution = async () => (await history()).findLastIndex(({ type }) => type === 'IncidentResolved');
const tokenOf = async (action: LinkAction, by = links) =>
  by.tokenOf({ incidentId, resolutionRevision: await lastResolution(), action, expiresAt: EXPIRES });

/** As a browser asks. */
const visit = async (token: string, form?: Record<string, string>, headers: Record<string, string> = {}) => {
  const response = await fetch(`${app.url}/confirm/${token}`, {
    headers,
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  });
  return { status: response.status, headers: response.headers, page: await response.text() };
};
const heading = (page: string) => /<h1>(.*)<\/h1>/.exec(page)?.[1];
const actions = (page: string) => [...page.matchAll(/<form method="post" action="([^"]+)">/g)].map((found) => found[1]);

describe('the page behind a link', () => {
  it('shows what was resolved and two buttons, and whoever looks changes nothing', async () => {
    const [confirm, reject] = [await tokenOf('confirm'), await tokenOf('reject')];
    const before = await log.headPosition();
    for (const token of [confirm, reject]) {
      const { status, page } = await visit(token);
      expect([status, heading(page)]).toEqual([200, 'Does it work again?']);
      expect(actions(page)).toEqual([confirm, reject]);
      expect(page).toContain('Mon, 5 January 2026');
      expect((await fetch(`${app.url}/confirm/${token}`, { method: 'HEAD' })).status).toBe(200);
    }
    expect(before).not.toBe(LOG_START);
    expect(await log.headPosition()).toBe(before);
  });

  it('escapes whatever somebody wrote', async () => {
    const { page } = await visit(await tokenOf('confirm'));
    expect(page).toContain('No mail &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(page).toContain('A new &quot;switch&quot; &amp; &lt;b&gt;cable&lt;/b&gt;');
    const hostile = '</textarea><script>1</script>';
    const wanted = await visit(await tokenOf('reject'), { reason: hostile.repeat(100) });
    expect(wanted.page).toContain('&lt;/textarea&gt;&lt;script&gt;');
    expect(wanted.page).not.toContain('<script');
  });

  it('loads nothing, runs nothing, is in no frame, no cache and no index', async () => {
    const { headers, page } = await visit(await tokenOf('confirm'));
    const style = /<style>(.*)<\/style>/.exec(page)?.[1] as string;
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      ...{ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      ...{ 'x-robots-tag': 'noindex, nofollow', 'x-content-type-options': 'nosniff', vary: 'Accept-Language', 'content-language': 'en' },
    });
    expect(page).toContain('<meta name="robots" content="noindex, nofollow">');
  });

  it('speaks German to whoever asks for it', async () => {
    const { page, headers } = await visit(await tokenOf('confirm'), undefined, { 'accept-language': 'de-AT,de;q=0.9' });
    expect([heading(page), headers.get('content-language')]).toEqual(['Funktioniert es wieder?', 'de']);
  });
});

describe('the button that confirms', () => {
  it('confirms, in the reporter’s name and with how they came, once', async () => {
    const token = await tokenOf('confirm');
    const first = await visit(token, {});
    expect([first.status, heading(first.page)]).toEqual([200, 'You have confirmed that it works again']);
    expect((await history()).at(-1)).toMatchObject({
      type: 'ResolutionConfirmed',
      metadata: { actor: { kind: 'person', id: 'zoe', roles: ['reporter-by-link'] } },
    });
    const after = await log.headPosition();
    const again = await visit(token, {});
    expect([again.status, heading(again.page)]).toEqual([200, 'You have confirmed that it works again']);
    expect(heading((await visit(token)).page)).toBe('You have confirmed that it works again');
    expect(await log.headPosition()).toBe(after);
  });

  it('pressed twice at once, confirms once', async () => {
    const token = await tokenOf('confirm');
    const answers = await Promise.all(Array.from({ length: 5 }, () => visit(token, {})));
    expect(new Set(answers.map(({ status, page }) => `${status} ${heading(page)}`))).toEqual(
      new Set(['200 You have confirmed that it works again']),
    );
    expect((await history()).filter(({ type }) => type === 'ResolutionConfirmed')).toHaveLength(1);
  });
});

describe('the button that rejects', () => {
  it('opens it again with the reason, once', async () => {
    const token = await tokenOf('reject');
    const first = await visit(token, { reason: '  It still says\r\n"no connection" ' });
    expect([first.status, heading(first.page), actions(first.page)]).toEqual([200, 'It is open again', []]);
    expect((await history()).at(-1)).toMatchObject({
      type: 'IncidentReopened',
      data: { cause: 'rejected', reason: 'It still says\n"no connection"' },
      metadata: { actor: { kind: 'person', id: 'zoe', roles: ['reporter-by-link'] } },
    });
    const after = await log.headPosition();
    const used = 'This link was used, or is not the latest';
    for (const again of [await visit(token, { reason: 'Again' }), await visit(token), await visit(await tokenOf('confirm'), {})])
      expect([again.status, heading(again.page)]).toEqual([409, used]);
    expect(await log.headPosition()).toBe(after);
  });

  it.each([
    ['no reason', ''],
    ['spaces', '  \r\n '],
    ['too much', 'x'.repeat(2_001)],
    ['control characters', 'a\u0000b'],
  ])('asks for a reason where there is %s, and keeps what was typed', async (_, reason) => {
    const before = await log.headPosition();
    const { status, page } = await visit(await tokenOf('reject'), { reason });
    expect([status, heading(page)]).toEqual([400, 'What does not work?']);
    expect(page).toContain('aria-invalid="true" aria-describedby="wanted"');
    expect(page).toContain('in up to 2000 characters');
    if (reason.includes('x')) expect(page).toContain('x'.repeat(2_000));
    expect(await log.headPosition()).toBe(before);
  });

  it('works after a confirmation, as long as it is not closed', async () => {
    await visit(await tokenOf('confirm'), {});
    const { page } = await visit(await tokenOf('confirm'));
    expect(actions(page)).toEqual([await tokenOf('reject')]);
    expect((await visit(await tokenOf('reject'), { reason: 'Not any more' })).status).toBe(200);
    expect((await history()).at(-1)).toMatchObject({ type: 'IncidentReopened' });
  });
});

describe('whoever is quicker', () => {
  it('is heeded: an answer is to the resolution that was shown, and to no later one', async () => {
    const token = await tokenOf('reject');
    let reads = 0;
    const slow = Object.assign(Object.create(log) as typeof log, log, {
      readStream: async function* (...asked: Parameters<typeof log.readStream>) {
        // the first read is the look at the link, the second one the command's
        if (asked[0] === `incident-${incidentId}` && ++reads === 2) {
          await command(`/${incidentId}/reopenings`, { cause: 'recurred', reason: 'Again' });
          await resolve();
        }
        yield* log.readStream(...asked);
      },
    });
    const url = await another(slow, { links, now: () => new Date(nowMs) });
    const response = await fetch(`${url}/confirm/${token}`, { method: 'POST', body: new URLSearchParams({ reason: 'No' }) });
    expect([response.status, heading(await response.text())]).toEqual([409, 'This link was used, or is not the latest']);
    expect((await history()).at(-1)).toMatchObject({ type: 'IncidentResolved' });
  });
});

describe('a link that does nothing says so', () => {
  const leadsTo = async (token: string, status: number, says: string) => {
    const before = await log.headPosition();
    for (const form of [undefined, { reason: 'It does not work' }]) {
      const { status: answered, page, headers } = await visit(token, form);
      expect([answered, heading(page), actions(page)]).toEqual([status, says, []]);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect(await log.headPosition()).toBe(before);
  };

  it('where it is not ours, or not whole', async () => {
    const token = await tokenOf('confirm');
    const [claims, signature] = token.split('.') as [string, string];
    const other = Buffer.from(JSON.stringify([incidentId, 0, 'confirm', 9_999_999_999])).toString('base64url');
    const strangers = new OneTimeLinks(Buffer.alloc(32, 'b'));
    for (const wrong of [token.slice(0, -1), `${other}.${signature}`, claims, 'x', await tokenOf('confirm', strangers), `${token}a`]) {
      await leadsTo(wrong, 404, 'This link is not whole');
    }
    const nowhere = links.tokenOf({ incidentId: 'INC9999999', resolutionRevision: 1, action: 'confirm', expiresAt: EXPIRES });
    await leadsTo(nowhere, 404, 'This link is not whole');
  });

  it('where its time is over', async () => {
    const token = await tokenOf('confirm');
    nowMs = Date.parse(EXPIRES);
    await leadsTo(token, 410, 'This link does not work any more');
  });

  it('where the incident was resolved anew since', async () => {
    const token = await tokenOf('confirm');
    await command(`/${incidentId}/reopenings`, { cause: 'recurred', reason: 'Again' });
    await leadsTo(token, 409, 'This link was used, or is not the latest');
    await resolve();
    await leadsTo(token, 409, 'This link was used, or is not the latest');
    expect((await visit(await tokenOf('confirm'))).status).toBe(200);
  });

  it('where it is closed', async () => {
    const token = await tokenOf('reject');
    await command(`/${incidentId}/closures`, { code: 'solved', how: 'agent' });
    await leadsTo(token, 409, 'It is closed already');
  });

  it('where it was confirmed and is closed, that it is confirmed', async () => {
    const token = await tokenOf('confirm');
    await visit(token, {});
    await command(`/${incidentId}/closures`, { code: 'solved', how: 'confirmed' });
    await leadsTo(token, 200, 'You have confirmed that it works again');
  });

  it('where the site makes none', async () => {
    const url = await another(log);
    const response = await fetch(`${url}/confirm/${await tokenOf('confirm')}`);
    expect(response.status).toBe(404);
    expect(heading(await response.text())).toBe('This link is not whole');
  });

  it('where the log cannot be reached, and that nothing is sure', async () => {
    const broken = Object.assign(Object.create(log) as typeof log, log, {
      readStream: () => {
        throw new Unavailable('EVENT_STORE_UNAVAILABLE', 'Not now');
      },
    });
    const url = await another(broken, { links, now: () => new Date(nowMs) });
    const response = await fetch(`${url}/confirm/${await tokenOf('confirm')}`, { method: 'POST', body: new URLSearchParams() });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(heading(await response.text())).toBe('This did not go through');
  });
});
