import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventsOfCommand, inputHash, NO_STREAM, type Decided, type Event, type Recorded } from '#kernel';
import { incidentStream, type IncidentEvent } from '#domain/incident';
import { PlayedSite } from '../support/played-site.js';
import { SlowIncident, SlowSite, STATUS_OF, type CalendarBody, type PolicyBody } from '../support/slow-clocks.js';

/*
 * Three months of a site, February to April 2028: a leap day; New York sets its clocks on 12 March, Berlin on 26 March; Easter. Calendars and
 * policies change while incidents wait, and people do all that moves a clock, in an order that a seed decides.
 */
const BEGIN = Date.parse('2028-02-01T06:00:00Z');
const END = Date.parse('2028-05-01T00:00:00Z');
const MINUTE = 60_000;
const PATIENCE_MS = 240_000;

/** `FAULTLINE_PLAY_SEED=7 npm test -- test/e2e/three-months` plays another order. */
const SEED = Number(process.env['FAULTLINE_PLAY_SEED'] ?? 20280229);

const iso = (ms: number) => new Date(ms).toISOString();

/** The same numbers at every run, from 0 up to 1 (mulberry32). */
const numbersFrom = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
};
const random = numbersFrom(SEED);
const upTo = (most: number) => Math.floor(random() * most);
const oneOf = <Item>(items: readonly Item[]): Item => items[upTo(items.length)] as Item;
const isOneIn = (many: number) => upTo(many) === 0;

const hours = (from: string, to: string) => ({ from, to });
const weekdays = (...day: { from: string; to: string }[]) => ({ monday: day, tuesday: day, wednesday: day, thursday: day });
const berlin: CalendarBody = {
  name: 'Berlin',
  timeZone: 'Europe/Berlin',
  week: { ...weekdays(hours('08:00', '12:00'), hours('13:00', '17:00')), friday: [hours('09:00', '13:00')] },
  holidays: [
    { date: '2028-04-14', name: 'Good Friday' },
    { date: '2028-04-17', name: 'Easter Monday' },
  ],
};
const newYork: CalendarBody = {
  name: 'New York',
  timeZone: 'America/New_York',
  week: { ...weekdays(hours('09:00', '17:00')), friday: [hours('09:00', '17:00')], sunday: [hours('00:30', '05:00')] },
  holidays: [{ date: '2028-02-21', name: 'Presidents’ Day' }],
};
const nights: CalendarBody = {
  name: 'Nights',
  timeZone: 'Europe/Berlin',
  week: Object.fromEntries(
    ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
      day,
      [hours('00:00', '06:00'), hours('22:00', '24:00')],
    ]),
  ),
};

const amount = (count: number, unit: string) => ({ amount: count, unit });
const gold: PolicyBody = {
  name: 'Gold',
  kind: 'sla',
  rank: 10,
  when: { priorities: ['P1', 'P2'] },
  calendar: 'berlin',
  pausesOn: ['caller'],
  warnAt: [50, 90],
  entries: [
    {
      when: { priorities: ['P1'] },
      targets: { response: amount(15, 'elapsed-minutes'), update: amount(2, 'business-hours'), resolution: amount(6, 'business-hours') },
    },
    {
      targets: { response: amount(1, 'business-hours'), update: amount(4, 'business-hours'), resolution: amount(2, 'business-days') },
    },
  ],
};
const standard: PolicyBody = {
  name: 'Standard',
  kind: 'sla',
  rank: 50,
  calendar: 'new-york',
  pausesOn: ['caller', 'vendor'],
  warnAt: [75],
  entries: [{ targets: { response: amount(4, 'business-hours'), resolution: amount(3, 'business-days') } }],
};
const desk: PolicyBody = {
  name: 'Desk',
  kind: 'ola',
  rank: 1,
  warnAt: [80],
  entries: [{ targets: { resolution: amount(30, 'elapsed-hours') } }],
};
const supplier: PolicyBody = {
  name: 'Supplier',
  kind: 'underpinning-contract',
  rank: 1,
  when: { channels: ['monitoring', 'email'] },
  calendar: 'nights',
  pausesOn: ['evidence', 'problem'],
  warnAt: [50],
  entries: [{ targets: { resolution: amount(20, 'business-hours') } }],
};

let site: PlayedSite;
const slow = new SlowSite();

type Kind = 'calendars' | 'service-level-policies';
const toldOf = (kind: Kind) => (kind === 'calendars' ? slow.calendars : slow.policies);

/** Defines something, from now on or from an instant on; both the site and whoever counts by hand hear of it. */
const define = async (kind: Kind, id: string, body: CalendarBody | PolicyBody, from?: string) => {
  await site.done('PUT', `/${kind}/${id}`, { definition: body, ...(from && { effectiveFrom: from, reason: 'It changes' }) });
  const nowMs = Date.parse(site.now);
  toldOf(kind).tell(id, nowMs, from === undefined ? nowMs : Date.parse(from), body as never);
};
const retire = async (kind: Kind, id: string) => {
  await site.done('DELETE', `/${kind}/${id}`, { reason: 'It ends' });
  toldOf(kind).tell(id, Date.parse(site.now), Date.parse(site.now), null);
};

/** What a site decides while it works, in order. */
const CHANGES: readonly (readonly [at: string, change: () => Promise<void>])[] = [
  [
    '2028-02-09T10:31Z',
    () => {
      const [first, second] = gold.entries as [PolicyBody['entries'][number], PolicyBody['entries'][number]];
      const longer = { ...second, targets: { ...second.targets, resolution: amount(3, 'business-days') } };
      return define('service-level-policies', 'gold', { ...gold, entries: [first, longer] });
    },
  ],
  [
    '2028-02-21T09:11Z',
    () => {
      const leapDay = [...(berlin.holidays ?? []), { date: '2028-02-29', name: 'Leap day' }];
      return define('calendars', 'berlin', { ...berlin, holidays: leapDay }, '2028-02-28T11:01:00Z');
    },
  ],
  ['2028-03-07T16:01Z', () => define('service-level-policies', 'standard', { ...standard, pausesOn: ['caller'] }, '2028-03-13T14:01:00Z')],
  [
    '2028-03-14T12:41Z',
    () => {
      const pi = { date: '2028-03-14', hours: [hours('10:00', '10:45')], reason: 'Pi' };
      return define('calendars', 'new-york', { ...newYork, exceptions: [pi] });
    },
  ],
  ['2028-03-20T08:21Z', () => retire('service-level-policies', 'desk')],
  ['2028-03-29T08:21Z', () => define('calendars', 'nights', { ...nights, timeZone: 'America/New_York' }, '2028-03-30T02:31:00Z')],
  ['2028-04-04T13:01Z', () => define('service-level-policies', 'desk', { ...desk, pausesOn: ['caller', 'change'] })],
  ['2028-04-11T07:51Z', () => define('service-level-policies', 'gold', { ...gold, when: { priorities: ['P1'] } }, '2028-04-12T09:31:00Z')],
];

type Told = Recorded<Event>;
const statusOf = (history: readonly Told[]) => history.map(({ type }) => STATUS_OF[type]).findLast((status) => status !== undefined);

const incidents: string[] = [];
const historyOf = async (incidentId: string): Promise<readonly Told[]> => site.events(incidentId);
/** What nobody foresaw is no part of the play: it stops it. */
const ask = (incidentId: string, resource: string, body: object, by = 'desk') =>
  site.done('POST', `/incidents/${incidentId}/${resource}`, body, { 'faultline-actor': `person:${by}` });

/** Sometimes a thing is told later than it happened. */
const late = () => (isOneIn(5) ? { occurredAt: iso(Date.parse(site.now) - upTo(240) * MINUTE) } : {});

const report = async () => {
  const [channel, level] = [oneOf(['phone', 'monitoring', 'portal', 'email']), oneOf(['high', 'medium', 'low'])];
  const rating = isOneIn(4) ? {} : { impact: level, urgency: oneOf(['high', 'medium']) };
  const body = { title: 'No mail', reporter: 'zoe', channel, ...rating, ...late() };
  incidents.push((await site.done('POST', '/incidents', body))['incidentId'] as string);
};

const hold = (incidentId: string) => {
  const nowMs = Date.parse(site.now);
  // at an odd minute, when nobody else does anything
  const until = isOneIn(2) ? { until: iso(nowMs + (1 + 2 * upTo(3_000)) * MINUTE) } : {};
  return ask(incidentId, 'holds', { reason: oneOf(['caller', 'caller', 'vendor', 'problem', 'evidence']), ...until, ...late() });
};
const prioritize = (incidentId: string) =>
  ask(incidentId, 'prioritizations', { impact: oneOf(['high', 'medium', 'low']), urgency: oneOf(['high', 'medium', 'low']) });
const update = (incidentId: string) => {
  const promised = isOneIn(2) ? { nextUpdateDueAt: iso(Date.parse(site.now) + (30 + upTo(600)) * MINUTE) } : {};
  return ask(incidentId, 'stakeholder-updates', { audience: 'reporter', text: 'We are on it', ...promised });
};
const resolve = (incidentId: string) => ask(incidentId, 'resolutions', { code: 'solved', fix: 'fix', ...late() });
const note = (incidentId: string) =>
  ask(incidentId, 'notes', { visibility: oneOf(['public', 'internal']), text: 'Hello' }, oneOf(['desk', 'zoe']));

/** Somebody finds that it was another time, or another reason. */
const correct = async (incidentId: string, history: readonly Told[]) => {
  const found = history.findLast(({ type }) => ['IncidentPutOnHold', 'IncidentResumed', 'IncidentResolved'].includes(type));
  if (!found) return note(incidentId);
  const by = { eventRevision: Number(found.revision), reason: 'It was wrong', approvedBy: 'els' };
  return found.type === 'IncidentPutOnHold' && isOneIn(2)
    ? ask(incidentId, 'corrections', { ...by, fact: 'reason', is: 'vendor' })
    : ask(incidentId, 'corrections', { ...by, fact: 'occurredAt', is: iso(Date.parse(found.occurredAt) - (1 + upTo(60)) * MINUTE) });
};

const ALLOWED: Readonly<Record<string, readonly ((incidentId: string, history: readonly Told[]) => Promise<unknown>)[]>> = {
  open: [hold, hold, prioritize, update, note, resolve, resolve, correct, (id) => ask(id, 'acknowledgements', {})],
  hold: [
    (id) => ask(id, 'resumptions', { cause: 'answered', ...late() }),
    (id) => ask(id, 'resumptions', { cause: 'answered' }),
    ...[prioritize, update, resolve, correct],
  ],
  resolved: [
    (id) => ask(id, 'reopenings', { cause: 'rejected', reason: 'No' }),
    (id) => ask(id, 'closures', { code: 'solved' }),
    ...[correct],
  ],
  closed: [(id) => ask(id, 'reopenings', { cause: 'recurred', reason: 'Again', ...late() })],
};

const act = async () => {
  if (isOneIn(6) || incidents.length === 0) return report();
  const incidentId = oneOf(incidents.slice(-7));
  const history = await historyOf(incidentId);
  const status = statusOf(history) as string;
  if (isOneIn(40) && (status === 'open' || status === 'hold')) {
    return ask(incidentId, 'cancellations', { cause: 'mistake', reason: 'It was the weather' });
  }
  const allowed = ALLOWED[status];
  // only what is new can be acknowledged
  const isNew = !history.some(({ type }) => type !== 'IncidentReported' && type in STATUS_OF);
  if (allowed) await oneOf(status === 'open' && !isNew ? allowed.slice(0, -1) : allowed)(incidentId, history);
  return undefined;
};

const begin = async () => {
  site = await PlayedSite.at(iso(BEGIN));
  await define('calendars', 'berlin', berlin);
  await define('calendars', 'new-york', newYork);
  await define('calendars', 'nights', nights);
  await define('service-level-policies', 'gold', gold);
  await define('service-level-policies', 'standard', standard);
  await define('service-level-policies', 'desk', desk);
  await define('service-level-policies', 'supplier', supplier);
  const closing = { name: 'Standard', rank: 1, closeAfterBusinessDays: 3, calendar: 'berlin' };
  await site.done('PUT', '/closure-policies/standard', { definition: closing });
};

/** An incident that another system had, open for months, with the verdict that came with it. */
const BROUGHT = 'INC0900001';
const bringIn = async () => {
  const actor = { kind: 'import', id: 'old-desk' } as const;
  const context = { commandId: randomUUID(), commandHash: inputHash(BROUGHT), actor, correlationId: randomUUID() };
  const reported = { incidentId: BROUGHT, title: 'No mail', reporter: 'zoe', channel: 'import', serviceLevelImported: true } as const;
  const verdict = { incidentId: BROUGHT, target: 'resolution', policyVersion: 'old', dueAt: null } as const;
  const events: Decided<IncidentEvent>[] = [
    { event: { type: 'IncidentReported', data: reported }, occurredAt: '2027-11-02T09:00:00.000Z' },
    { event: { type: 'SlaBreached', data: verdict }, occurredAt: '2027-11-04T09:00:00.000Z' },
    { event: { type: 'IncidentPutOnHold', data: { incidentId: BROUGHT, reason: 'caller' } }, occurredAt: '2027-11-05T09:00:00.000Z' },
  ];
  const stream = incidentStream(BROUGHT);
  await site.log.append(stream, NO_STREAM, eventsOfCommand(stream, context, events));
  await site.settled();
};

/** Three months, from one thing that happens to the next: some within the hour, some after a day. */
const play = async () => {
  const changes = [...CHANGES];
  // at even minutes: holds end, and definitions change, at odd ones
  const pause = () => 2 * (1 + upTo(isOneIn(3) ? 2_000 : 60)) * MINUTE;
  for (let atMs = BEGIN + pause(); atMs < END; atMs += pause()) {
    while (changes[0] && Date.parse(changes[0][0]) < atMs) {
      const [at, change] = changes.shift() as (typeof CHANGES)[number];
      await site.until(iso(Date.parse(at)));
      await change();
    }
    await site.until(iso(atMs));
    await act();
  }
  await site.until(iso(END));
};

beforeAll(async () => {
  await begin();
  await bringIn();
  await play();
}, PATIENCE_MS);
afterAll(() => site.stop());

/** What the clocks of an incident said, as the log has it. */
const saidBy = (history: readonly Told[]) =>
  history
    .filter(({ type }) => type.startsWith('Sla') && type !== 'SlaRescheduled')
    .map(({ type, data, occurredAt, recordedAt }) => {
      const { clockId, share, policyVersion, entry, startedAt } = data as Record<string, string>;
      const words: Record<string, string> = {
        SlaStarted: `started by ${policyVersion}, ${entry} from ${startedAt}`,
        SlaWarned: `warned ${share}`,
        SlaBreached: 'breached',
        SlaMet: 'met',
        SlaStopped: 'stopped',
      };
      return { clock: clockId as string, says: words[type] as string, at: occurredAt, recorded: recordedAt };
    });

/** When a clock said last that it would be due, of what was recorded by then. */
const announcedBy = (history: readonly Told[], clock: string, recorded: string) => {
  const isOfIt = ({ type, data, recordedAt }: Told) =>
    (type === 'SlaStarted' || type === 'SlaRescheduled') && (data as { clockId: string }).clockId === clock && recordedAt <= recorded;
  const { dueAt, warnings } = history.findLast(isOfIt)?.data as { dueAt: string | null; warnings: { share: number; at: string }[] };
  const coming = warnings.filter(({ at }) => at > recorded).map(({ share, at }) => `${share} ${at}`);
  return { clock, recorded, due: dueAt ?? 'never', warnings: coming };
};

/** What the play has to have a few times, to be worth its while. */
const PLAYED = [
  ...['IncidentPrioritized', 'IncidentPutOnHold', 'IncidentResumed', 'IncidentResolved', 'IncidentClosed', 'IncidentReopened'],
  ...['StakeholderUpdatePosted', 'FactCorrected', 'SlaStarted', 'SlaRescheduled', 'SlaStopped', 'SlaWarned', 'SlaBreached', 'SlaMet'],
];

const byClock = <Item extends { clock: string }>(items: readonly Item[]) =>
  Object.fromEntries([...new Set(items.map(({ clock }) => clock))].sort().map((id) => [id, items.filter(({ clock }) => clock === id)]));

describe('three months of a site', () => {
  it(
    'say of every clock what counting every minute says',
    async () => {
      const seen: Record<string, number> = {};
      for (const incidentId of incidents) {
        const history = await historyOf(incidentId);
        const counted = new SlowIncident(slow, history);
        const stood = counted.until(END);
        const said = saidBy(history);
        expect({ incidentId, ...byClock(said) }).toEqual({ incidentId, ...byClock(counted.said) });
        expect(counted.announced.map(({ clock, recorded }) => announcedBy(history, clock, recorded))).toEqual(counted.announced);

        const { clocks } = (await site.done('GET', `/incidents/${incidentId}/service-levels/explain`)) as unknown as {
          clocks: { clockId: string; unit: string; used: number; intervals: { used: number }[] }[];
        };
        const used = clocks.map(({ clockId, unit, used }) => ({ clock: clockId, used: unit === 'seconds' ? used / 60 : used }));
        expect({ incidentId, used: used.map(({ clock }) => clock) }).toEqual({ incidentId, used: stood.map(({ clock }) => clock) });
        used.forEach(({ clock, used }, n) => {
          const { used: byHand } = stood[n] as (typeof stood)[number];
          if (Math.abs(used - byHand) > 1e-4) throw new Error(`${incidentId} ${clock} has used ${used}, by hand ${byHand}`);
        });
        for (const { used, intervals } of clocks) expect(intervals.reduce((sum, one) => sum + one.used, 0)).toBeCloseTo(used, 3);
        for (const { type } of history) seen[type] = (seen[type] ?? 0) + 1;
      }
      // the play has all that moves a clock, whatever the seed is
      for (const type of PLAYED) expect([type, (seen[type] ?? 0) >= 3]).toEqual([type, true]);
      expect(site.parked()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('leave an incident that was brought from elsewhere as it came', async () => {
    expect((await historyOf(BROUGHT)).map(({ type }) => type)).toEqual(['IncidentReported', 'SlaBreached', 'IncidentPutOnHold']);
  });
});
