import { foldBatch, type Recorded } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import { memoryView, projectionSpec, recorded } from '#testing';
import { describe, expect, it } from '@jest/globals';
import type { IncidentFacts } from './incident-facts.document.js';
import { STILL_OPEN } from './incident-facts.document.js';
import { incidentFacts } from './incident-facts.projection.js';
import { rate, statistics } from './figures.js';
import { kpiReport, parseKpiRequest, type FigureTable, type KpiReport, type Reader } from './kpi.query.js';

const incidentId = 'INC0000001';
const reported: IncidentEvent = { type: 'IncidentReported', data: { incidentId, title: 'No mail', reporter: 'bob', channel: 'phone' } };
const acknowledged: IncidentEvent = { type: 'IncidentAcknowledged', data: { incidentId } };
const assigned = (team: string | null): IncidentEvent => ({
  type: 'IncidentAssigned',
  data: { incidentId, team, agent: null, why: 'person' },
});
const prioritized = (priority: string): IncidentEvent => ({
  type: 'IncidentPrioritized',
  data: { incidentId, impact: 'high', urgency: 'low', risks: [], priority, matrixVersion: '1' },
});
const resolved: IncidentEvent = { type: 'IncidentResolved', data: { incidentId, code: 'fixed', fix: 'fix', notes: 'Restarted' } };
const closed: IncidentEvent = { type: 'IncidentClosed', data: { incidentId, code: 'solved', how: 'agent' } };
const reopened: IncidentEvent = { type: 'IncidentReopened', data: { incidentId, cause: 'recurred', reason: 'Again' } };
const worked = (minutes: number): IncidentEvent => ({
  type: 'WorkLogged',
  data: { incidentId, workId: 'w', minutes, activity: 'search', hourlyRate: { amount: 6000, currency: 'EUR' } },
});

type Told = readonly [event: IncidentEvent, occurredAt: string];

/** One incident's history, each event with its own time. */
const history = (id: string, ...told: readonly Told[]): Recorded<IncidentEvent>[] =>
  told.flatMap(([event, occurredAt], n) =>
    recorded([{ ...event, data: { ...event.data, incidentId: id } } as IncidentEvent], {
      streamName: `incident-${id}`,
      revision: BigInt(n),
      position: BigInt(Number(id.slice(3)) * 1000 + n),
      occurredAt,
    }),
  );

/** The view after these histories, read as the database would be. */
const viewOf = (...histories: readonly Recorded<IncidentEvent>[][]) => {
  const { contents, writesOf } = memoryView<IncidentFacts>();
  for (const events of histories) for (const write of writesOf(foldBatch(incidentFacts, contents.documents, events))) write();
  const nested = ({ key, counts }: { key: object; counts: Readonly<Record<string, number>> }) => {
    const cell: Record<string, unknown> = { ...key };
    for (const [path, amount] of Object.entries(counts)) {
      const [definition, counter] = [path.slice(0, path.lastIndexOf('.')), path.slice(path.lastIndexOf('.') + 1)];
      cell[definition] = { ...(cell[definition] as object), [counter]: amount };
    }
    return cell;
  };
  const matches = (document: Record<string, unknown>, filter: Readonly<Record<string, unknown>>) =>
    Object.entries(filter).every(([field, bounds]) => {
      const { $gte, $gt, $lt } = bounds as Record<string, string | undefined>;
      const value = document[field];
      if (typeof value !== 'string') return false;
      return ($gte === undefined || value >= $gte) && ($gt === undefined || value > $gt) && ($lt === undefined || value < $lt);
    });
  const read: Reader = async function* ({ collection, filter }) {
    const all =
      collection === 'daily_figures'
        ? [...contents.counters.values()].map(nested)
        : [...contents.documents.values()].map(({ document }) => document);
    yield* all.filter((document) => matches(document as Record<string, unknown>, filter)) as never[];
  };
  return read;
};

const figures = (read: Reader, asked: Parameters<typeof parseKpiRequest>[0]): Promise<KpiReport> =>
  kpiReport(read, parseKpiRequest(asked, { currency: 'EUR', now: '2026-06-01T00:00:00.000Z' }));

describe('the facts of an incident', () => {
  const given = projectionSpec(incidentFacts);

  it('count each moment at its event, and the team changes between known teams', () => {
    const events = recorded([
      reported,
      assigned('A'),
      assigned(null),
      assigned('A'),
      assigned('B'),
      acknowledged,
      resolved,
      reopened,
      resolved,
      closed,
    ]);
    const at = (n: number) => events[n]?.occurredAt as string;
    given(...events).thenDocument(incidentId, {
      incidentId,
      reportedAt: at(0),
      responded: { revision: 5, at: at(5) },
      firstResolved: { revision: 6, at: at(6) },
      lastResolved: { revision: 8, at: at(8) },
      lastClosed: { revision: 9, at: at(9) },
      firstResolvedAt: at(6),
      lastResolvedAt: at(8),
      lastClosedAt: at(9),
      endedAt: at(9),
      turns: [
        { revision: 0, at: at(0), opens: true },
        { revision: 6, at: at(6), opens: false },
        { revision: 7, at: at(7), opens: true },
        { revision: 8, at: at(8), opens: false },
      ],
      openUntil: at(8),
      reopenings: 1,
      escalations: 0,
      assignments: [
        { revision: 1, team: 'A' },
        { revision: 2, team: null },
        { revision: 3, team: 'A' },
        { revision: 4, team: 'B' },
      ],
      teamChanges: 1,
      serviceLevelKnown: false,
      breached: false,
      work: [],
      downtime: null,
      priority: null,
      category: null,
      prioritizedBy: -1,
      categorizedBy: -1,
      team: 'B',
      service: null,
      channel: 'phone',
    });
  });

  it('stay open while nothing ended it, whatever else is recorded', () => {
    const { documents } = foldBatch(incidentFacts, new Map(), recorded<IncidentEvent>([reported, acknowledged, prioritized('P1')]));
    expect(documents[0]?.document).toMatchObject({ openUntil: STILL_OPEN, priority: 'P1' });
  });

  it('follow a correction of when something happened, of minutes worked, and of the category in force', () => {
    const events = recorded<IncidentEvent>([
      reported,
      { type: 'IncidentCategorized', data: { incidentId, category: 'Mail', subcategory: null, by: 'person' } },
      worked(30),
      resolved,
      ...[
        { eventRevision: 3, eventType: 'IncidentResolved', fact: 'occurredAt', is: '2026-01-05T09:30:00.000Z' },
        { eventRevision: 2, eventType: 'WorkLogged', fact: 'minutes', is: 45 },
        { eventRevision: 1, eventType: 'IncidentCategorized', fact: 'category', is: 'Network' },
      ].map((correction): IncidentEvent => ({
        type: 'FactCorrected',
        data: { incidentId, eventId: 'e', was: null, reason: 'Mistyped', approvedBy: 'carol', ...correction },
      })),
    ]);
    const { documents } = foldBatch(incidentFacts, new Map(), events);
    expect(documents[0]?.document).toMatchObject({
      lastResolvedAt: '2026-01-05T09:30:00.000Z',
      firstResolvedAt: '2026-01-05T09:30:00.000Z',
      responded: { at: '2026-01-05T09:30:00.000Z' },
      category: 'Network',
      work: [{ revision: 2, minutes: 45, hourlyRate: { amount: 6000, currency: 'EUR' }, toolCost: null }],
      openUntil: '2026-01-05T09:30:00.000Z',
    });
  });
});

describe('figures', () => {
  it('are exact: mean of the middle two, nearest rank, three decimals', () => {
    expect(statistics([10, 20, 31, 40])).toEqual({ n: 4, sum: 101, mean: 25.25, median: 25.5, p90: 40, min: 10, max: 40 });
    expect(statistics([])).toEqual({ n: 0 });
    expect(rate(1, 3)).toEqual({ numerator: 1, denominator: 3, rate: 0.333333 });
    expect(rate(0, 0)).toEqual({ numerator: 0, denominator: 0, rate: null });
  });

  const first = history(
    'INC1',
    [reported, '2026-01-31T23:30:00.000Z'],
    [prioritized('P2'), '2026-01-31T23:30:00.000Z'],
    [assigned('Mail'), '2026-01-31T23:40:00.000Z'],
    [acknowledged, '2026-01-31T23:45:00.000Z'],
    [worked(90), '2026-02-01T00:10:00.000Z'],
    [resolved, '2026-02-01T00:30:00.000Z'],
    [closed, '2026-02-02T00:30:00.000Z'],
  );
  const second = history(
    'INC2',
    [reported, '2026-02-10T08:00:00.000Z'],
    [assigned('Mail'), '2026-02-10T08:10:00.000Z'],
    [assigned('Network'), '2026-02-10T09:00:00.000Z'],
    [resolved, '2026-02-10T10:00:00.000Z'],
    [reopened, '2026-02-10T11:00:00.000Z'],
  );
  const read = viewOf(first, second);

  it('count each incident at the moment of its definition, in the month of that moment', async () => {
    const report = await figures(read, { by: 'month' });
    expect(report['volume@1']?.by.month).toEqual({ '2026-01': { count: 1 }, '2026-02': { count: 1 } });
    expect(report['mttr@1']?.by.month).toEqual({
      '2026-02': { n: 2, sum: 3600 + 7200, mean: 5400, median: 5400, p90: 7200, min: 3600, max: 7200 },
    });
    expect(report['mtta@1']?.value).toMatchObject({ n: 2, sum: 900 + 7200 });
    expect(report['reopenRate@1']?.value).toEqual({ numerator: 1, denominator: 2, rate: 0.5 });
    expect(report['fcr@1']?.value).toEqual({ numerator: 1, denominator: 2, rate: 0.5 });
    expect(report['slaCompliance@1']?.value).toEqual({ numerator: 0, denominator: 0, rate: null });
    expect(report['costPerIncident@1']?.value).toMatchObject({ n: 1, sum: 9000, currency: 'EUR' });
  });

  it('move with the latest attributes, and name what is not known', async () => {
    const report = await figures(read, { by: 'team,priority,priority+team' });
    expect(report['volume@1']?.by).toEqual({
      team: { Mail: { count: 1 }, Network: { count: 1 } },
      priority: { P2: { count: 1 }, none: { count: 1 } },
      'priority+team': { P2: { Mail: { count: 1 } }, none: { Network: { count: 1 } } } satisfies FigureTable,
    });
  });

  it('are the same from daily figures and from facts', async () => {
    const whole = { by: 'month,team+month,channel', from: '2026-01-01', to: '2026-03-01' };
    const daily = await figures(read, { ...whole, ranks: false });
    // one millisecond more is no whole day: everything is computed from the facts
    const exact = await figures(read, { ...whole, to: '2026-03-01T00:00:00.001Z' });
    for (const [name, { value }] of Object.entries(daily)) {
      if (name === 'backlog@1') continue;
      expect(exact[name]?.value).toMatchObject(value);
    }
    expect(daily['volume@1']).toEqual(exact['volume@1']);
    expect(daily['fcr@1']).toEqual(exact['fcr@1']);
  });

  it('take the months of the time zone that was asked for', async () => {
    const report = await figures(read, { by: 'month', timeZone: 'Europe/Berlin' });
    expect(report['volume@1']?.by.month).toEqual({ '2026-02': { count: 2 } });
  });

  it('count the backlog at an instant, of the past too', async () => {
    const backlogAt = async (to: string) => (await figures(read, { by: 'team', to, definitions: 'backlog@1' }))['backlog@1'];
    expect(await backlogAt('2026-02-01T00:00:00Z')).toMatchObject({
      value: { count: 1 },
      by: { ageBand: { 'under 1 day': { count: 1 } } },
    });
    expect((await backlogAt('2026-02-05'))?.value).toEqual({ count: 0 });
    expect((await backlogAt('2026-02-10T10:30:00Z'))?.value).toEqual({ count: 0 });
    expect(await backlogAt('2026-02-12T11:00:00Z')).toMatchObject({ value: { count: 1 }, by: { team: { Network: { count: 1 } } } });
  });

  it('refuse what cannot be asked for, field by field', () => {
    const asking = () =>
      parseKpiRequest({ from: 'soon', by: 'team,mood', definitions: 'mttr@9', timeZone: 'Mars/Olympus' }, { currency: 'EUR', now: '' });
    expect(asking).toThrow(expect.objectContaining({ code: 'KPI_REQUEST_INVALID' }));
    try {
      asking();
    } catch (error) {
      expect((error as { faults: { field: string }[] }).faults.map(({ field }) => field)).toEqual([
        'from',
        'by',
        'definitions',
        'timeZone',
      ]);
    }
  });
});
