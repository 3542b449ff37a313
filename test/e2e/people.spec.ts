import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { PlayedSite } from '../support/played-site.js';

const MONDAY = '2026-01-12T08:00:00.000Z';

let site: PlayedSite;
beforeAll(async () => {
  site = await PlayedSite.at(MONDAY);
  for (const id of ['ada', 'bob', 'cem', 'zoe']) await person(id);
  await define('/on-call-schedules/payments', schedule('Payments', weeks('ada', 'bob')));
  await define('/on-call-schedules/network', schedule('Network', { ...weeks('cem', 'ada'), onlyDuring: WORKING_DAYS }));
});
afterAll(() => site.stop());

const define = (path: string, definition: object, more: object = {}) => site.done('PUT', path, { definition, ...more });
const person = (id: string, more: object = {}) =>
  define(`/people/${id}`, { name: id.toUpperCase(), email: `${id}@example.org`, language: 'en', timeZone: 'Europe/Berlin', ...more });
const schedule = (name: string, ...layers: object[]) => ({ name, timeZone: 'Europe/Berlin', layers });
const weeks = (...participants: string[]) => ({
  name: 'Weeks',
  participants,
  rotation: { unit: 'weeks', count: 1 },
  handOver: { time: '09:00', weekday: 'monday' },
  start: '2026-01-12T09:00',
});
const WORKING_DAYS = [{ weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '09:00', to: '17:00' }];

const get = async <Value>(path: string): Promise<Value> => (await site.done('GET', path)) as unknown as Value;
const refused = async (method: string, path: string, body?: object) => {
  const { status, body: told } = await site.request(method, path, body);
  return `${status} ${told['code']}`;
};

type Shift = Readonly<{ schedule: string; person: string; from: string; to: string; source: { kind: string }; why: string }>;
const onCall = async (at: string) => {
  const { items } = await get<{ items: { schedule: string; shift: Shift | null; why: string }[] }>(`/on-call?at=${at}`);
  return items.map(({ schedule: id, shift, why }) => `${id} ${shift?.person ?? '-'}: ${why}`);
};
/** Every shift of a list, two a page. */
const shifts = async (path: string) => {
  const lines: string[] = [];
  let next: string | undefined = `${path}&limit=2`;
  while (next) {
    const answer = await site.request('GET', next);
    const { items } = JSON.parse(answer.text) as { items: Shift[] };
    lines.push(
      ...items.map(
        ({ schedule: id, person: who, from, to, source }) => `${id} ${who} ${from.slice(5, 16)} ${to.slice(5, 16)} ${source.kind}`,
      ),
    );
    next = /<\/api\/v1([^>]+)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1];
  }
  return lines;
};

describe('on call', () => {
  it('is somebody at any instant, and a reason says why', async () => {
    expect(await onCall('2026-01-12T10:00:00Z')).toEqual([
      'network cem: cem has the turn in layer Weeks',
      'payments ada: ada has the turn in layer Weeks',
    ]);
    expect(await onCall('2026-01-17T10:00:00Z')).toEqual([
      'network -: Nobody is on call then: no layer and no override has anybody',
      'payments ada: ada has the turn in layer Weeks',
    ]);
    expect(await onCall('2026-01-01T00:00:00Z')).toEqual([
      'network -: The schedule is not in use then',
      'payments -: The schedule is not in use then',
    ]);
  });

  it('hands over by the wall clock, over a change of the clocks, too', async () => {
    expect(await shifts('/on-call-schedules/payments/shifts?from=2026-03-23T12:00:00Z&to=2026-04-06T00:00:00Z')).toEqual([
      'payments ada 03-23T08:00 03-30T07:00 rotation',
      'payments bob 03-30T07:00 04-06T07:00 rotation',
    ]);
  });

  it('is changed by overrides and swaps, for a while, and back', async () => {
    const override = { person: 'zoe', from: '2026-01-13T08:00:00Z', to: '2026-01-14T08:00:00Z', reason: 'Ada is at the dentist' };
    const key = { 'faultline-actor': 'person:lead', 'idempotency-key': 'override-1' };
    const added = await site.done('POST', '/on-call-schedules/payments/overrides', override, key);
    expect(await site.done('POST', '/on-call-schedules/payments/overrides', override, key)).toEqual({ ...added, repeated: true });
    expect(await onCall('2026-01-13T10:00:00Z')).toContain(
      `payments zoe: zoe was put on call by override ${added['overrideId']}: Ada is at the dentist`,
    );

    await site.done('POST', '/on-call-schedules/payments/swaps', {
      swapId: 'wedding',
      first: { person: 'ada', from: '2026-01-26T08:00:00Z', to: '2026-02-02T08:00:00Z' },
      second: { person: 'bob', from: '2026-02-02T08:00:00Z', to: '2026-02-09T08:00:00Z' },
    });
    expect(await shifts('/on-call-schedules/payments/shifts?to=2026-02-16T08:00:00Z')).toEqual([
      'payments ada 01-12T08:00 01-13T08:00 rotation',
      'payments zoe 01-13T08:00 01-14T08:00 override',
      'payments ada 01-14T08:00 01-19T08:00 rotation',
      'payments bob 01-19T08:00 01-26T08:00 rotation',
      'payments bob 01-26T08:00 02-02T08:00 swap',
      'payments ada 02-02T08:00 02-09T08:00 swap',
      'payments ada 02-09T08:00 02-16T08:00 rotation',
    ]);

    const removal = await site.done('DELETE', `/on-call-schedules/payments/overrides/${added['overrideId']}`, { reason: 'No dentist' });
    expect(removal).toMatchObject({ changed: true, overrideId: added['overrideId'] });
    expect(await onCall('2026-01-13T10:00:00Z')).toContain('payments ada: ada has the turn in layer Weeks');

    await site.done('DELETE', '/people/zoe', { reason: 'Has left' });
    expect(await site.done('POST', '/on-call-schedules/payments/overrides', override, key)).toEqual({ ...added, repeated: true });
  });

  it('refuses what cannot be arranged', async () => {
    const at = '/on-call-schedules/payments';
    const next = { from: '2026-01-20T08:00:00Z', to: '2026-01-21T08:00:00Z' };
    expect(await refused('POST', `${at}/overrides`, { person: 'nobody', ...next, reason: 'a' })).toBe('400 REFERENCE_UNKNOWN');
    expect(await refused('POST', `${at}/overrides`, { person: 'cem', ...next, from: '2026-01-11T00:00:00Z', reason: 'a' })).toBe(
      '400 INTERVAL_IN_PAST',
    );
    expect(await refused('POST', '/on-call-schedules/none/overrides', { person: 'cem', ...next, reason: 'a' })).toBe(
      '404 DEFINITION_NOT_FOUND',
    );
    expect(await refused('DELETE', `${at}/overrides/none`, { reason: 'a' })).toBe('404 OVERRIDE_NOT_FOUND');
    const swap = { first: { person: 'cem', ...next }, second: { person: 'bob', ...next } };
    expect(await refused('POST', `${at}/swaps`, swap)).toBe('409 SWAP_NOT_ON_CALL');
  });

  it('is told ahead where nobody is, and where somebody cannot be', async () => {
    type Coverage = { gaps: { schedule: string; from: string; to: string }[]; gapsTotal: number; doubleBookings: { why: string }[] };
    const { gaps, gapsTotal, doubleBookings } = await get<Coverage>('/on-call/coverage?from=2026-01-16T12:00:00Z&to=2026-02-03T00:00:00Z');
    expect(gaps[0]).toEqual({
      schedule: 'network',
      from: '2026-01-16T16:00:00.000Z',
      to: '2026-01-19T08:00:00.000Z',
      why: 'Nobody is on call from friday 2026-01-16 17:00 to monday 2026-01-19 09:00 (Europe/Berlin)',
    });
    expect(gapsTotal).toBe(gaps.length);
    expect(new Set(gaps.map((gap) => gap.schedule))).toEqual(new Set(['network']));
    expect(doubleBookings.map(({ why }) => why)).toEqual([
      'ada is on call in network and payments from monday 2026-02-02 09:00 to monday 2026-02-02 17:00 (Europe/Berlin)',
    ]);
  });

  it('is in anybody’s calendar, a shift always under the same UID', async () => {
    const eventsOf = (text: string) =>
      new ICAL.Component(ICAL.parse(text) as never).getAllSubcomponents('vevent').map((each) => new ICAL.Event(each));
    const { headers, text } = await site.request('GET', '/on-call-schedules/payments/shifts.ics');
    expect(headers['content-type']).toBe('text/calendar; charset=utf-8');
    const [first] = eventsOf(text);
    expect(first).toMatchObject({ summary: 'ADA is on call: Payments', description: 'ada has the turn in layer Weeks' });
    expect(first?.startDate.toJSDate().toISOString()).toBe(MONDAY);

    await site.until('2026-01-13T00:00:00.000Z');
    const again = eventsOf((await site.request('GET', '/on-call-schedules/payments/shifts.ics')).text);
    expect(again.map(({ uid }) => uid)).toContain(first?.uid);
    expect(new Set(again.map(({ uid }) => uid)).size).toBe(again.length);

    const own = eventsOf((await site.request('GET', '/people/ada/shifts.ics')).text);
    expect(new Set(own.map(({ summary }) => summary))).toEqual(new Set(['On call: Payments', 'On call: Network']));
    expect(await shifts('/people/ada/shifts?from=2026-01-12T08:00:00Z&to=2026-01-20T12:00:00Z')).toEqual([
      'payments ada 01-12T08:00 01-19T08:00 rotation',
      'network ada 01-19T08:00 01-19T16:00 rotation',
      'network ada 01-20T08:00 01-20T16:00 rotation',
    ]);
    expect(await refused('GET', '/people/nobody/shifts.ics')).toBe('404 PERSON_NOT_FOUND');
  });
});

describe('people', () => {
  const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];
  const presence = async (query: string) => {
    type Answer = { summary: string; items: { person: string; present: boolean; why: string | null }[] };
    const { summary, items } = await get<Answer>(`/presence?${query}`);
    return [summary, ...items.map(({ person: who, present, why }) => `${who} ${present ? 'there' : why}`)];
  };
  const workloads = async () => {
    type Answer = { summary: string; items: { person: string; open: number; capacity: number | null; room: number | null }[] };
    const { summary, items } = await get<Answer>('/workloads?team=desk');
    return [summary, ...items.map(({ person: who, open, capacity, room }) => `${who} ${open}/${capacity} ${room}`)];
  };

  it('are there in their working hours, unless they are absent', async () => {
    await person('bob', { workingHours: { tuesday: NINE_TO_FIVE, friday: NINE_TO_FIVE }, capacity: 1 });
    await define('/teams/desk', { name: 'Desk', tier: 1, assignment: 'pull', members: ['ada', 'bob'] });
    expect(await presence('team=desk')).toEqual([
      'There at 2026-01-13T00:00:00.000Z: 1 of 2',
      'ada there',
      'bob outside working hours until 2026-01-13T08:00Z',
    ]);
    const absence = { absenceId: 'flu', from: '2026-01-12T06:00:00Z', to: '2026-01-16T06:00:00Z', reason: 'Flu' };
    await site.done('POST', '/people/ada/absences', absence);
    expect(await presence('team=desk&at=2026-01-13T09:00:00Z')).toEqual([
      'There at 2026-01-13T09:00:00.000Z: 1 of 2',
      'ada absent (Flu) until 2026-01-16T06:00Z',
      'bob there',
    ]);
    const { doubleBookings } = await get<{ doubleBookings: { kind: string; why: string }[] }>('/on-call/coverage?schedules=payments');
    expect(doubleBookings.map(({ why }) => why)).toEqual([
      'ada is on call in payments and absent (Flu) from tuesday 2026-01-13 01:00 to friday 2026-01-16 07:00 (Europe/Berlin)',
    ]);

    expect(await site.done('DELETE', '/people/ada/absences/flu', { at: '2026-01-13T06:00:00Z' })).toMatchObject({ changed: true });
    expect(await presence('team=desk&at=2026-01-13T09:00:00Z&present=false')).toEqual(['There at 2026-01-13T09:00:00.000Z: 2 of 2']);
    expect(await refused('DELETE', '/people/ada/absences/none', {})).toBe('404 ABSENCE_NOT_FOUND');
    expect(await refused('POST', '/people/ada/absences', { ...absence, from: absence.to, to: absence.from })).toBe('409 ABSENCE_ID_TAKEN');
    expect(await refused('POST', '/people/nobody/absences', absence)).toBe('404 PERSON_NOT_FOUND');
  });

  it('hold so many incidents of those that they can hold', async () => {
    expect(await workloads()).toEqual(['No open incident is held by any of these 2', 'ada 0/null null', 'bob 0/1 1']);
    for (const agent of ['bob', 'bob', 'ada']) {
      const { incidentId } = await site.done('POST', '/incidents', { title: 'No mail' });
      await site.done('POST', `/incidents/${incidentId}/assignments`, { team: 'desk', agent });
    }
    expect(await workloads()).toEqual(['Open incidents held by these 2: 3, by 2 of them', 'ada 1/null null', 'bob 2/1 -1']);
  });

  it('are none where there are none, and it says so', async () => {
    await define('/teams/empty', { name: 'Empty', tier: 1, assignment: 'pull' });
    expect(await presence('team=empty')).toEqual(['Team empty has no members at 2026-01-13T00:00:00.000Z']);
    expect(await presence('team=empty&at=2020-01-01T00:00:00Z')).toEqual(['Team empty is not in use at 2020-01-01T00:00:00.000Z']);
    expect((await get<{ summary: string }>('/workloads?team=empty')).summary).toBe('Team empty has no members at 2026-01-13T00:00:00.000Z');
    expect(await refused('GET', '/presence?team=none')).toBe('404 DEFINITION_NOT_FOUND');
  });
});

describe('the taxonomy', () => {
  const categories = [{ name: 'Network', subcategories: [{ name: 'VPN' }] }, { name: 'Other' }];
  const guide = {
    questions: [
      {
        id: 'what',
        text: 'What does not work?',
        answers: [
          { text: 'The connection', leadsTo: { question: 'which' } },
          { text: 'Something else', leadsTo: { category: 'Other' } },
        ],
      },
      { id: 'which', text: 'Which one?', answers: [{ text: 'From elsewhere', leadsTo: { category: 'Network', subcategory: 'VPN' } }] },
    ],
  };
  const walk = (answers: string[], more: object = {}) => site.done('POST', '/taxonomies/site/guidance', { answers, ...more });

  it('leads by questions to a category, and says which version of it did', async () => {
    expect(await refused('POST', '/taxonomies/site/guidance', {})).toBe('404 DEFINITION_NOT_FOUND');
    await define('/taxonomies/site', { categories, other: 'Other' });
    expect(await refused('POST', '/taxonomies/site/guidance', {})).toBe('404 GUIDE_NOT_FOUND');
    await define('/taxonomies/site', { categories, other: 'Other', guide });
    const question = { id: 'what', text: 'What does not work?', answers: ['The connection', 'Something else'] };
    expect(await walk([])).toMatchObject({ taxonomy: 'taxonomy@2', question, category: null });
    expect(await walk(['The connection'])).toMatchObject({ question: { id: 'which' }, category: null });
    expect(await walk(['The connection', 'From elsewhere'])).toMatchObject({
      taxonomy: 'taxonomy@2',
      question: null,
      category: { category: 'Network', subcategory: 'VPN' },
    });
    expect(await refused('POST', '/taxonomies/site/guidance', { answers: ['The fax'] })).toBe('400 ANSWER_UNKNOWN');
    expect(await refused('POST', '/taxonomies/site/guidance', { answers: ['Something else', 'Yes'] })).toBe('400 ANSWER_NOT_ASKED');
  });

  it('is watched for what fits in no category', async () => {
    for (const category of ['Network', 'Other', 'Network', 'Network'])
      await site.done('POST', '/incidents', { title: 'No mail', category });
    expect(await get('/taxonomies/site/other-share?from=2026-01-01&to=2026-02-01')).toMatchObject({
      ...{ taxonomy: 'taxonomy@2', other: 'Other', definition: 'volume@1' },
      counted: { numerator: 'Incidents reported in the period whose category is Other' },
      // three were reported above, without a category
      ...{ numerator: 1, denominator: 4, rate: 0.25, uncategorized: 3 },
      byMonth: [{ month: '2026-01', numerator: 1, denominator: 4, rate: 0.25 }],
    });
    expect(await get('/taxonomies/site/other-share?from=2026-02-01')).toMatchObject({
      numerator: 0,
      denominator: 0,
      rate: null,
      byMonth: [],
    });
    expect(await refused('GET', '/taxonomies/site/other-share?to=2026-01-13T00:00:00Z')).toBe('404 DEFINITION_NOT_FOUND');
  });
});

describe('a calendar', () => {
  const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];
  const WEEK = { monday: NINE_TO_FIVE, tuesday: NINE_TO_FIVE, wednesday: NINE_TO_FIVE, thursday: NINE_TO_FIVE, friday: NINE_TO_FIVE };
  const feedOf = (...events: string[][]) =>
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Test//EN',
      ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
      'END:VCALENDAR',
      '',
    ].join('\r\n');
  const day = (date: string, name: string, ...more: string[]) => [`UID:${date}`, `DTSTART;VALUE=DATE:${date}`, `SUMMARY:${name}`, ...more];
  const ICALENDAR = { 'faultline-actor': 'person:desk', 'content-type': 'text/calendar' };
  const ends = async (amount: number, unit: string, from: string) => {
    type Deadline = { inWords: string; endsAt: string | null; localTime: string | null };
    const answer = await get<Deadline & { notTheSame: Deadline[] }>(
      `/calendars/office/deadline?amount=${amount}&unit=${unit}&from=${from}`,
    );
    return [answer, ...answer.notTheSame].map(({ inWords, localTime }) => `${inWords}: ${localTime}`);
  };

  it('tells working time from time, and a business day from 24 business hours', async () => {
    await define('/calendars/office', { name: 'Office', timeZone: 'Europe/Berlin', week: WEEK }, { effectiveFrom: '2026-01-01T00:00:00Z' });
    expect(await ends(1, 'business-days', '2026-01-16T14:00:00Z')).toEqual([
      '1 business day: monday 2026-01-19 15:00 (Europe/Berlin)',
      '24 business hours: wednesday 2026-01-21 15:00 (Europe/Berlin)',
      '24 elapsed hours: saturday 2026-01-17 15:00 (Europe/Berlin)',
    ]);
    // the clocks are set forward on the 29th: the hours of the wall stay
    expect(await ends(8, 'business-hours', '2026-03-27T12:00:00Z')).toEqual([
      '8 business hours: monday 2026-03-30 13:00 (Europe/Berlin)',
      '8 elapsed hours: friday 2026-03-27 21:00 (Europe/Berlin)',
    ]);
    expect(await ends(400_000, 'business-hours', '2026-01-01T00:00:00Z')).toContain('400000 business hours: null');

    type Measured = { elapsedSeconds: number; businessSeconds: number; businessDays: number; items: { counts: boolean; why: string }[] };
    const { items, ...sums } = await get<Measured>('/calendars/office/working-time?from=2026-01-16T14:00:00Z&to=2026-01-19T12:00:00Z');
    expect(sums).toMatchObject({ elapsedSeconds: 70 * 3_600, businessSeconds: 6 * 3_600, businessDays: 0.75 });
    expect(items.map(({ counts, why }) => `${counts} ${why}`)).toEqual([
      'true working hours (friday)',
      'false outside working hours (friday)',
      'false saturday: no working day',
      'false sunday: no working day',
      'false outside working hours (monday)',
      'true working hours (monday)',
    ]);
  });

  it('takes days off from a feed, as a version of its own', async () => {
    const put = (text: string, more: object = {}, query = '') =>
      site.request('PUT', `/calendars/office/holiday-feeds/germany?${query}`, text, { ...ICALENDAR, ...more });
    const feed = feedOf(day('20200119', 'Winter', 'RRULE:FREQ=YEARLY'), day('20260120', 'Snow'), day('20250101', 'Long ago'));
    const key = { 'idempotency-key': 'feed-1' };
    const first = JSON.parse((await put(feed, key)).text) as object;
    expect(first).toMatchObject({
      ...{ feed: 'germany', from: '2026-01-01', to: '2027-12-31', changed: true },
      holidays: [
        { date: '2026-01-19', name: 'Winter' },
        { date: '2026-01-20', name: 'Snow' },
        { date: '2027-01-19', name: 'Winter' },
      ],
    });
    expect(JSON.parse((await put(feed, key)).text)).toEqual({ ...first, repeated: true });
    expect(JSON.parse((await put(feed)).text)).toMatchObject({ changed: false });
    expect((await ends(1, 'business-days', '2026-01-16T14:00:00Z'))[0]).toBe('1 business day: wednesday 2026-01-21 15:00 (Europe/Berlin)');

    await put(feedOf(day('20260120', 'Snow')));
    type Versions = { versions: { definition: { holidays: { date: string; feed: string }[] } }[] };
    const { versions } = await get<Versions>('/calendars/office');
    expect(versions.map(({ definition }) => definition.holidays.map(({ date }) => date))).toEqual([
      [],
      ['2026-01-19', '2026-01-20', '2027-01-19'],
      ['2026-01-20'],
    ]);
  });

  it('refuses feeds that it cannot take', async () => {
    const codeOf = async (path: string, text: string, headers: Record<string, string> = ICALENDAR) => {
      const { status, body } = await site.request('PUT', path, text, headers);
      return `${status} ${body['code']}`;
    };
    const at = '/calendars/office/holiday-feeds/germany';
    const feed = feedOf(day('20260120', 'Snow'));
    expect(await codeOf(at, 'hello')).toBe('400 ICALENDAR_INVALID');
    expect(await codeOf(`${at}?from=2030-01-01&to=2030-12-31`, feed)).toBe('400 HOLIDAYS_NONE');
    expect(await codeOf(`${at}?from=2026-02-30`, feed)).toBe('400 HOLIDAY_WINDOW_INVALID');
    expect(await codeOf('/calendars/none/holiday-feeds/germany', feed)).toBe('404 DEFINITION_NOT_FOUND');
    expect(await codeOf(at, `${feed}${' '.repeat(1_048_576)}`)).toBe('413 BODY_TOO_LARGE');
    expect(await codeOf(at, '{}', { ...ICALENDAR, 'content-type': 'application/json' })).toBe('415 MEDIA_TYPE_UNSUPPORTED');
    await site.done('DELETE', '/calendars/office', { reason: 'We have moved' });
    expect(await codeOf(at, feed)).toBe('409 DEFINITION_RETIRED');
  });
});
