import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LOG_START, NO_STREAM, SITE_ID, unionOf, versionAt, type Event, type EventLog, type NewEvent } from '#kernel';
import { incidentCatalogue } from '#domain/incident';
import { assertGolden, memoryLog, newEvents } from '#testing';
import { CLOSURE_POLICIES, CALENDARS, DEFINITION_KINDS, TAXONOMIES } from './kinds.js';
import { defaultSite, GRACE_MS } from './default-site.js';
import { SiteDefinitions } from './site-definitions.js';
import { SITE_SETUP_STREAM, setUpSite, siteSetupCatalogue } from './site-setup.js';
import { TOOLS } from './site.fixture.js';

const catalogue = unionOf<Event>(
  siteSetupCatalogue as never,
  incidentCatalogue as never,
  ...DEFINITION_KINDS.map((kind) => kind.catalogue),
);
const NOW = '2026-01-05T09:00:00.000Z';
const LATER = '2026-02-01T09:00:00.000Z';
const newLog = () => memoryLog({ catalogue, clock: { now: () => NOW } });
const setUp = (log: EventLog, more: object = {}) => setUpSite(log, { timeZone: 'Europe/Brussels', now: NOW, ...more });

const everything = async (log: EventLog) => {
  const events: string[] = [];
  const prefixes = ['setup-', ...DEFINITION_KINDS.map(({ streamPrefix }) => streamPrefix)];
  for await (const { streamName, type, id } of log.readAll({ after: LOG_START, streamPrefixes: prefixes }))
    events.push(`${streamName} ${type} ${id}`);
  return events;
};
const definitionsIn = async (log: EventLog) => {
  const site = new SiteDefinitions(log);
  await site.refresh();
  return site;
};
const write = (log: EventLog, streamName: string, revision: bigint, event: Event) =>
  log.append(streamName, revision, newEvents(streamName, `a person at ${revision}`, event));
const whole = async () => {
  const log = newLog();
  await setUp(log);
  return everything(log);
};

describe('what a new site begins with', () => {
  it('is what reading would give, whole, each after what it refers to', () => {
    const seen = new Set<string>();
    for (const { kind, id, definition } of defaultSite('America/New_York')) {
      expect(kind.parse(definition, TOOLS)).toEqual(definition);
      for (const { path, id: to } of kind.references(definition)) expect(seen).toContain(`${path}/${to}`);
      seen.add(`${kind.path}/${id}`);
    }
    expect(seen.size).toBe(6);
  });

  it('holds at once, but for what acts by itself: that waits a week', async () => {
    const log = newLog();
    await setUp(log);
    const site = await definitionsIn(log);
    const calendar = site.one(CALENDARS, 'office-hours');
    expect(calendar && versionAt(calendar, NOW)?.definition.timeZone).toBe('Europe/Brussels');
    expect(site.one(TAXONOMIES, SITE_ID)?.versions).toHaveLength(1);
    const closure = site.one(CLOSURE_POLICIES, 'standard');
    const endOfGrace = Date.parse(NOW) + GRACE_MS;
    expect(closure && [endOfGrace - 1, endOfGrace].map((ms) => versionAt(closure, new Date(ms).toISOString())?.version)).toEqual([
      undefined,
      1,
    ]);
  });

  it('is written by the program, and says why', async () => {
    const log = newLog();
    await setUp(log);
    const last = await log.readLast('calendar-office-hours');
    expect(last).toMatchObject({
      data: { reason: 'A new site begins with it' },
      metadata: { actor: { kind: 'automation', id: 'site-setup' } },
    });
  });

  it('is stored under names that stay', () => {
    const story = assertGolden(join(import.meta.dirname, 'golden'), siteSetupCatalogue, [
      { type: 'SiteSetupBegun', data: { timeZone: 'Europe/Brussels', begunAt: NOW } },
      { type: 'SiteSetupFinished', data: { finishedAt: '2026-01-05T09:00:01.000Z' } },
    ]);
    expect(story).toHaveLength(2);
  });
});

describe('a site is set up', () => {
  it('once', async () => {
    const log = newLog();
    expect((await setUp(log))?.defaults).toHaveLength(6);
    const written = await everything(log);
    expect(written).toHaveLength(8);
    expect(await setUp(log, { now: LATER, timeZone: 'UTC' })).toBeUndefined();
    expect(await everything(log)).toEqual(written);
  });

  it.each([
    ['calendar-mine', { type: 'CalendarDefined', data: { id: 'mine', version: 1, effectiveFrom: NOW, definition: {} } }],
    ['incident-INC0000001', { type: 'IncidentAcknowledged', data: { incidentId: 'INC0000001' } }],
  ])('and not where there is anything yet, such as %s', async (streamName, event) => {
    const log = newLog();
    await write(log, streamName, NO_STREAM, event);
    expect(await setUp(log)).toBeUndefined();
    expect(await log.readLast(SITE_SETUP_STREAM)).toBeUndefined();
  });

  it('after a crash at any append, by the next process, to the same', async () => {
    const expected = await whole();
    for (let fatal = 0; fatal < expected.length; fatal++) {
      const log = newLog();
      let appends = 0;
      const dying: EventLog = Object.assign(Object.create(log) as EventLog, log, {
        append: (...asked: [string, bigint, readonly NewEvent[]]) => {
          if (appends++ === fatal) throw new Error('Killed');
          return log.append(...asked);
        },
      });
      await expect(setUp(dying)).rejects.toThrow('Killed');
      expect(await everything(log)).toHaveLength(fatal);
      // another clock and another setting: what was begun goes on as it was begun
      if (fatal > 0) await setUp(log, { now: LATER, timeZone: 'UTC' });
      else await setUp(log);
      expect((await everything(log)).map((line) => line.split(' ').slice(0, 2))).toEqual(
        expected.map((line) => line.split(' ').slice(0, 2)),
      );
      const calendar = (await definitionsIn(log)).one(CALENDARS, 'office-hours');
      expect(calendar?.versions).toMatchObject([{ effectiveFrom: NOW, definition: { timeZone: 'Europe/Brussels' } }]);
    }
  });

  it('by several processes at once, as by one', async () => {
    const log = newLog();
    const setups = await Promise.all(['UTC', 'Europe/Brussels', 'Asia/Tokyo'].map((timeZone) => setUp(log, { timeZone })));
    expect(setups.filter(Boolean).length).toBeGreaterThan(0);
    expect((await everything(log)).map((line) => line.split(' ', 2))).toEqual((await whole()).map((line) => line.split(' ', 2)));
  });

  it('and what somebody has said meanwhile stands', async () => {
    const log = newLog();
    let isSaid = false;
    const meddled: EventLog = Object.assign(Object.create(log) as EventLog, log, {
      append: async (...asked: [string, bigint, readonly NewEvent[]]) => {
        const answer = await log.append(...asked);
        const definition = { closeAfterBusinessDays: 1 };
        const theirs = { type: 'ClosurePolicyDefined', data: { id: 'standard', version: 1, effectiveFrom: NOW, definition } };
        if (!isSaid) await write(log, 'closure-policy-standard', NO_STREAM, theirs);
        isSaid = true;
        return answer;
      },
    });
    await setUp(meddled);
    const { versions } = (await definitionsIn(log)).one(CLOSURE_POLICIES, 'standard') ?? {};
    expect(versions).toMatchObject([{ definition: { closeAfterBusinessDays: 1 } }]);
  });
});
