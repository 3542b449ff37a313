import { describe, expect, it } from '@jest/globals';
import { LOG_START, NO_STREAM, unionOf, type EffectiveDated, type Event, type EventLog } from '#kernel';
import { HOUR_MS } from '#domain/local-time';
import { lampCatalogue, lit, memoryLog, newEvents } from '#testing';
import { CALENDARS, DEFINITION_KINDS, PEOPLE, TEAMS, type DefinitionKind } from './kinds.js';
import { SiteDefinitions } from './site-definitions.js';
import { readSample, sampleOf } from './site.fixture.js';

const [JAN, FEB, MAR] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'] as const;
const TEN_TO_TWO = [{ from: '10:00', to: '14:00' }];

const kindOfAny = (kind: unknown) => kind as DefinitionKind;
const defined = (kind: unknown, version = 1, effectiveFrom: string = JAN, more: object = {}): Event => {
  const { noun } = kindOfAny(kind);
  const { id } = sampleOf(kindOfAny(kind));
  return { type: `${noun}Defined`, data: { id, version, effectiveFrom, definition: readSample(kindOfAny(kind), more) } };
};

/** A log with definitions in it; it counts how often it is read, and can be made to fail. */
class Log {
  readonly log = memoryLog({ catalogue: unionOf<Event>(lampCatalogue as never, ...DEFINITION_KINDS.map(({ catalogue }) => catalogue)) });
  asks = 0;
  reads = 0;
  fails = false;
  whenHeadIsTold: () => void = () => undefined;
  readonly #revisions = new Map<string, bigint>();

  readonly headPosition = async () => {
    this.asks++;
    const head = await this.log.headPosition();
    this.whenHeadIsTold();
    return head;
  };
  readonly readAll: EventLog['readAll'] = (range) => {
    this.reads++;
    if (this.fails) throw new Error('The log cannot be reached');
    return this.log.readAll(range);
  };

  async append(streamName: string, event: Event): Promise<bigint> {
    const revision = this.#revisions.get(streamName) ?? NO_STREAM;
    const at = await this.log.append(streamName, revision, newEvents(streamName, `${streamName} ${revision}`, event));
    this.#revisions.set(streamName, at.revision);
    return at.position;
  }

  define(kind: unknown, ...args: [version?: number, effectiveFrom?: string, more?: object]): Promise<bigint> {
    const { streamPrefix } = kindOfAny(kind);
    return this.append(`${streamPrefix}${sampleOf(kindOfAny(kind)).id}`, defined(kind, ...args));
  }
}

describe('what a site defines', () => {
  it('is read to the end of the log, and then what is new', async () => {
    const log = new Log();
    const site = new SiteDefinitions(log);
    await log.define(TEAMS);
    const beyond = await log.append('lamp-1', lit(40));
    await site.refresh();
    expect(site.position).toBe(beyond);
    expect([...site.of(TEAMS).keys()]).toEqual(['desk']);
    expect(site.of(CALENDARS).size).toBe(0);

    await log.define(TEAMS, 2, FEB);
    await site.refresh();
    expect(site.one(TEAMS, 'desk')?.versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(site.one(TEAMS, 'network')).toBeUndefined();
  });

  it('says what holds at an instant, of a definition that there is', async () => {
    const log = new Log();
    await log.define(TEAMS);
    await log.define(TEAMS, 2, FEB);
    const site = new SiteDefinitions(log);
    await site.refresh();
    expect(['2025-12-31T00:00:00.000Z', JAN, FEB].map((instant) => site.inForce(TEAMS, 'desk', instant)?.version)).toEqual([
      undefined,
      1,
      2,
    ]);
    expect([null, undefined, 'network'].map((id) => site.inForce(TEAMS, id, FEB))).toEqual([undefined, undefined, undefined]);
  });

  it('has what happens to it beside its versions', async () => {
    const log = new Log();
    await log.define(PEOPLE);
    await log.append('person-ada', { type: 'PersonAbsent', data: { id: 'ada', absenceId: 'a1', from: FEB, to: MAR, reason: 'holiday' } });
    const site = new SiteDefinitions(log);
    await site.refresh();
    expect(site.one(PEOPLE, 'ada')?.absences).toEqual([{ absenceId: 'a1', from: FEB, to: MAR, reason: 'holiday' }]);
  });

  it('is read once for all who ask at once, and once more for who asks meanwhile', async () => {
    const log = new Log();
    const site = new SiteDefinitions(log);
    await log.define(TEAMS);
    await Promise.all([site.refresh(), site.refresh()]);
    expect(log.reads).toBe(1);

    await log.define(TEAMS, 2, FEB);
    const isUnderWay = new Promise<void>((resolve) => (log.whenHeadIsTold = resolve));
    const underWay = site.refresh();
    await isUnderWay;
    const position = await log.define(TEAMS, 3, MAR);
    await site.refresh();
    expect(site.position).toBe(position);
    await underWay;
  });

  it('costs nothing where there is nothing new, or nothing newer is wanted', async () => {
    const log = new Log();
    const site = new SiteDefinitions(log);
    const position = await log.define(TEAMS);
    await site.reach(position);
    await site.reach(position);
    expect([log.asks, log.reads]).toEqual([1, 1]);
    await site.refresh();
    expect([log.asks, log.reads]).toEqual([2, 1]);
    await site.reach(await log.define(TEAMS, 2, FEB));
    expect(site.one(TEAMS, 'desk')?.versions).toHaveLength(2);
  });

  it('is read again after the log could not be reached', async () => {
    const log = new Log();
    const site = new SiteDefinitions(log);
    await log.define(TEAMS);
    log.fails = true;
    await expect(site.refresh()).rejects.toThrow('The log cannot be reached');
    log.fails = false;
    await site.refresh();
    expect(site.of(TEAMS).size).toBe(1);
  });

  it('goes on from what a view knows, which may know more of one definition than of all', async () => {
    const log = new Log();
    const first = await log.define(TEAMS);
    const second = await log.define(TEAMS, 2, FEB);
    const all = new SiteDefinitions(log);
    await all.refresh();
    const teams = all.one(TEAMS, 'desk') as EffectiveDated<unknown>;

    const definitions = [
      { path: 'teams', id: 'desk', state: teams, position: second },
      { path: 'of-a-newer-program', id: 'x', state: teams, position: first },
    ];
    const site = new SiteDefinitions(log, { definitions, position: first });
    expect(site.position).toBe(first);
    await site.refresh();
    expect([site.position, site.one(TEAMS, 'desk')]).toEqual([second, teams]);
    await log.define(TEAMS, 3, MAR);
    await site.refresh();
    expect(site.one(TEAMS, 'desk')?.versions).toHaveLength(3);
  });
});

describe('the working time of a calendar', () => {
  const monday = (site: SiteDefinitions) =>
    site.workingTime('office')?.between('business', Date.parse('2026-01-12T00:00Z'), Date.parse('2026-01-13T00:00Z'));

  it('is worked out once, and anew when the calendar changes', async () => {
    const log = new Log();
    const site = new SiteDefinitions(log);
    await log.define(CALENDARS);
    await site.refresh();
    const before = site.workingTime('office');
    expect(monday(site)).toBe(8 * HOUR_MS);

    await log.define(TEAMS);
    await site.refresh();
    expect(site.workingTime('office')).toBe(before);

    await log.define(CALENDARS, 2, '2026-01-10T00:00:00.000Z', { week: { monday: TEN_TO_TWO } });
    await site.refresh();
    expect(monday(site)).toBe(4 * HOUR_MS);
  });
  it('is none where there is no such calendar, or nothing was ever said of it', async () => {
    const log = new Log();
    await log.append('calendar-office', { type: 'CalendarRetired', data: { id: 'office', effectiveFrom: JAN, reason: 'x' } });
    const site = new SiteDefinitions(log);
    await site.refresh();
    expect(['office', 'shop'].map((calendar) => site.workingTime(calendar))).toEqual([undefined, undefined]);
  });
});

describe('changes', () => {
  it('are known by the position of the last one of a kind', async () => {
    const log = new Log();
    const site = new SiteDefinitions(log);
    const [team, calendar] = [await log.define(TEAMS), await log.define(CALENDARS)];
    await log.append('lamp-1', lit(40));
    await site.refresh();
    expect(site.changedAt([TEAMS])).toBe(team);
    expect(site.changedAt([CALENDARS, TEAMS])).toBe(calendar);
    expect(site.changedAt([PEOPLE])).toBe(LOG_START);

    const { versions, retirements } = site.one(TEAMS, 'desk') as EffectiveDated<unknown>;
    const known = (id: string, position: bigint) => ({ path: 'teams', id, state: { versions, retirements }, position });
    const ofView = new SiteDefinitions(log, { definitions: [known('desk', 300n), known('network', 100n)], position: 300n });
    expect(ofView.changedAt([TEAMS])).toBe(300n);
  });

  it('are known by the instants from which something holds, or holds no longer', async () => {
    const log = new Log();
    const site = new SiteDefinitions(log);
    await log.define(TEAMS);
    await log.define(TEAMS, 2, MAR);
    await log.append('team-desk', { type: 'TeamRetired', data: { id: 'desk', effectiveFrom: '2026-04-01T02:00:00+02:00', reason: 'x' } });
    await log.define(CALENDARS, 1, FEB);
    await site.refresh();
    const around = (instant: string, ...kinds: Parameters<typeof site.changesAround>[0]) => site.changesAround(kinds, instant);
    expect(around('2025-12-31T00:00:00.000Z', TEAMS)).toEqual({ next: JAN });
    expect(around(JAN, TEAMS)).toEqual({ last: JAN, next: MAR });
    expect(around(FEB, TEAMS, CALENDARS)).toEqual({ last: FEB, next: MAR });
    expect(around(MAR, TEAMS)).toEqual({ last: MAR, next: '2026-04-01T00:00:00.000Z' });
    expect(around('2026-05-01T00:00:00.000Z', TEAMS)).toEqual({ last: '2026-04-01T00:00:00.000Z' });
    expect(around(MAR, PEOPLE)).toEqual({});
  });
});
