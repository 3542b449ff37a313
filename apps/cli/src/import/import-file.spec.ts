import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { incidentCatalogue, incidentStream, type IncidentEvent } from '#domain/incident';
import { ledgerCatalogue, NO_STREAM, numberCatalogue, numberSequence, Unavailable, unionOf, type Event, type EventLog } from '#kernel';
import { collect, memoryLog, newEvents } from '#testing';
import { importCatalogue, importStream } from './import-events.js';
import { importFile, type ImportOptions } from './import-file.js';
import { parseMapping } from './mapping-parser.js';

const mapping = parseMapping(
  `
name: desk
file: { time: iso }
incident: $id
at: $at
by: $who
state: { of: $state, before: New, kinds: { open: [New], done: [Done] } }
events:
  - { event: IncidentReported, rows: first, data: { title: $title, reporter: eve, channel: phone } }
  - { event: IncidentAssigned, when: { changed: team }, data: { team: $team, agent: null, why: person } }
  - { event: IncidentResolved, when: { state: { to: done } }, data: { code: done, fix: null, notes: null } }
`,
  'desk.yaml',
);

const folder = mkdtempSync(join(tmpdir(), 'faultline-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const HEADER = 'id,at,who,state,title,team';
const fileOf = (lines: readonly string[], pack = (text: string): string | Buffer => text): string => {
  const path = join(folder, `log-${files++}.csv`);
  writeFileSync(path, pack([HEADER, ...lines, ''].join('\n')));
  return path;
};

const LINES = [
  'INC1,2020-01-01T08:00:00Z,ann,New,No ink,',
  'INC1,2020-01-01T09:00:00Z,bob,New,No ink,Print',
  'INC1,2020-01-01T09:00:00Z,bob,Done,No ink,Print',
  'INC2,2020-01-02T08:00:00Z,ann,New,No paper,Print',
  'INC2,2020-01-03T08:00:00Z,,Done,No paper,Print',
];

const catalogue = unionOf<Event>(incidentCatalogue, ledgerCatalogue, numberCatalogue, importCatalogue);
let log: EventLog;
beforeEach(() => {
  log = memoryLog({ catalogue });
});

const run = (path: string, more: Partial<ImportOptions> = {}) =>
  importFile({ path, mapping, log, inFlight: 4, nowMs: Date.UTC(2021, 0, 1), ...more });
const eventsOf = (incidentId: string) => collect(log.readStream<IncidentEvent>(incidentStream(incidentId)));
const typesOf = async (incidentId: string) => (await eventsOf(incidentId)).map(({ type }) => type);

describe('importFile', () => {
  it('brings incidents in with who, when and from which row', async () => {
    const path = fileOf(LINES);
    const result = await run(path);
    expect(result).toMatchObject({
      rows: 5,
      incidents: 2,
      events: 6,
      eventsByType: { IncidentAssigned: 2, IncidentReported: 2, IncidentResolved: 2 },
      added: 6,
      alreadyThere: 0,
      faulty: { count: 0, rows: [] },
    });
    const [, assigned] = await eventsOf('INC0000001');
    expect(assigned).toMatchObject({
      type: 'IncidentAssigned',
      data: { incidentId: 'INC0000001', team: 'Print', agent: null },
      occurredAt: '2020-01-01T09:00:00.000Z',
      metadata: { actor: { kind: 'import', id: 'desk', name: 'bob' }, origin: { sha256: result.sha256, row: 2 } },
    });
    expect(result.position).toBe((await log.readLast(incidentStream('INC0000002')))?.position.toString());
  });

  it('adds nothing the second time, nor from a packed copy, whose bytes are another file', async () => {
    const path = fileOf(LINES);
    const first = await run(path);
    expect(await run(path)).toMatchObject({ events: 6, added: 0, alreadyThere: 6, position: first.position });
    const packed = await run(fileOf(LINES, gzipSync));
    expect(packed).toMatchObject({ events: 6, added: 0, alreadyThere: 6 });
    expect(packed.sha256).not.toBe(first.sha256);
    expect(await typesOf('INC0000001')).toHaveLength(3);
  });

  it('stops at an instant, inclusive, and goes on from there later', async () => {
    const path = fileOf(LINES);
    expect(await run(path, { until: '2020-01-02T08:00:00.000Z' })).toMatchObject({ incidents: 2, events: 5, added: 5 });
    expect(await run(path, { until: '2020-01-01T23:00:00.000Z' })).toMatchObject({ incidents: 1, events: 3, added: 0, alreadyThere: 3 });
    expect(await run(path)).toMatchObject({ events: 6, added: 1, alreadyThere: 5 });
    expect(await typesOf('INC0000002')).toEqual(['IncidentReported', 'IncidentAssigned', 'IncidentResolved']);
  });

  it('adds what a later export of the same log has more', async () => {
    await run(fileOf(LINES.slice(0, 4)));
    expect(await run(fileOf(LINES))).toMatchObject({ added: 1, alreadyThere: 5 });
  });

  it('goes on after it was cut off anywhere, and repeats nothing', async () => {
    const lines = Array.from({ length: 60 }, (_, n) => `INC${n + 1},2020-01-01T08:00:00Z,ann,New,Ticket ${n},Team`);
    const path = fileOf(lines);
    let appends = 0;
    const cutOff = {
      ...log,
      append: (...args: Parameters<EventLog['append']>) =>
        ++appends > 25 ? Promise.reject(new Unavailable('GONE', 'Gone')) : log.append(...args),
    };
    await expect(run(path, { log: cutOff })).rejects.toThrow('Gone');
    const resumed = await run(path);
    expect(resumed).toMatchObject({ events: 120, faulty: { count: 0 } });
    expect(resumed.added + resumed.alreadyThere).toBe(120);
    expect(resumed.added).toBeLessThan(120);
    expect(await typesOf('INC0000060')).toHaveLength(2);
  });

  it('takes its numbers, so that new incidents get others', async () => {
    await run(fileOf(LINES));
    expect(await numberSequence(log, 'numbers-incident').next()).toBe(3);
  });

  it('writes down who imported what, and how it went', async () => {
    const { sha256 } = await run(fileOf(LINES));
    const journal = await collect(log.readStream(importStream(sha256)));
    expect(journal.map(({ type, data }) => [type, data])).toMatchObject([
      ['ImportStarted', { mapping: 'desk', mappingSha256: mapping.sha256, sha256, until: null, startedBy: expect.any(String) }],
      ['ImportProgressed', { throughLine: 6, refused: [] }],
      ['ImportCompleted', { rows: 5, incidents: 2, events: 6, added: 6, faulty: 0 }],
    ]);
  });

  it('only looks, without a log', async () => {
    const result = await importFile({ path: fileOf(LINES), mapping, inFlight: 4, nowMs: Date.now() });
    expect(result).toMatchObject({ events: 6, added: 0, alreadyThere: 0 });
    expect(result.position).toBeUndefined();
  });
});

describe('faulty rows', () => {
  it('keep their whole incident out, are reported by line, and nothing else', async () => {
    const lines = [...LINES.slice(0, 2), 'INC1,2020-01-01T10:00:00Z,bob,Parked,No ink,Print', ...LINES.slice(3)];
    const result = await run(fileOf(lines));
    expect(result).toMatchObject({ rows: 5, incidents: 1, added: 3 });
    expect(result.faulty).toEqual({ count: 1, rows: [{ line: 4, reason: 'state is "Parked": the mapping knows New, Done' }] });
    expect(await typesOf('INC0000001')).toEqual([]);
  });

  it('of which nobody can say whose they are keep both neighbours out', async () => {
    const lines = [...LINES.slice(0, 3), 'torn,row', ...LINES.slice(3), 'INC3,2020-01-02T08:00:00Z,ann,New,No light,'];
    const { faulty, incidents } = await run(fileOf(lines));
    expect(incidents).toBe(1);
    expect(faulty.rows).toEqual([
      { line: 5, reason: 'it has 2 cells, and the header 6' },
      { line: 5, reason: 'INC0000001 is left out: a row next to it cannot be read' },
      { line: 5, reason: 'INC0000002 is left out: a row next to it cannot be read' },
    ]);
  });

  it('that break the rules of CSV stand in their place', async () => {
    const { faulty, incidents } = await run(
      fileOf([
        ...LINES.slice(0, 3),
        'INC2,2020,"quoted" badly,New,,',
        'INC3,2020-01-02T08:00:00Z,ann,New,"No\nlight",',
        'INC4,2020,ann,New,x,',
      ]),
    );
    expect(incidents).toBe(0);
    expect(faulty.rows[0]).toEqual({ line: 5, reason: expect.stringContaining('a quote stands inside a cell') });
    expect(faulty.rows.at(-1)).toEqual({ line: 8, reason: 'at is "2020": it is no time like iso' });
  });

  it('are those of an incident whose rows do not stand together', async () => {
    const { faulty, incidents } = await run(fileOf([LINES[0] as string, LINES[3] as string, LINES[1] as string]));
    expect(incidents).toBe(2);
    expect(faulty.rows).toEqual([{ line: 4, reason: expect.stringContaining('rows of INC0000001 stand further up too') }]);
    expect(await typesOf('INC0000001')).toEqual(['IncidentReported']);
  });

  it('are those whose number the log has for another incident, every time', async () => {
    const own = { type: 'IncidentReported', data: { incidentId: 'INC0000002', title: 'Ours', reporter: 'eve', channel: 'phone' } } as const;
    await log.append(incidentStream('INC0000002'), NO_STREAM, newEvents(incidentStream('INC0000002'), 'ours', own));
    const taken = { count: 1, rows: [{ line: 5, reason: 'the number INC0000002 is taken: the log has another incident under it' }] };
    const path = fileOf(LINES);
    expect(await run(path)).toMatchObject({ added: 3, alreadyThere: 0, faulty: taken });
    expect(await run(path)).toMatchObject({ added: 0, alreadyThere: 3, faulty: taken });
    expect(await typesOf('INC0000002')).toEqual(['IncidentReported']);
  });

  it('are those of an incident that went on here since it was imported', async () => {
    await run(fileOf(LINES.slice(0, 4)));
    const streamName = incidentStream('INC0000002');
    const acknowledged = { type: 'IncidentAcknowledged', data: { incidentId: 'INC0000002' } } as const;
    await log.append(streamName, 1n, newEvents(streamName, 'ours', acknowledged));
    expect((await run(fileOf(LINES.slice(0, 4), gzipSync))).faulty.count).toBe(0);
    const { faulty } = await run(fileOf(LINES));
    expect(faulty.rows).toEqual([
      { line: 5, reason: expect.stringContaining('INC0000002 has gone on differently in the log since it was imported') },
    ]);
  });
});

it.each([
  ['a file that is not there', '/nowhere/log.csv', 'cannot be read: there is no such file'],
  ['a folder', tmpdir(), 'cannot be read: it is a folder'],
])('says what is wrong with %s', async (_, path, reason) => {
  await expect(run(path)).rejects.toThrow(reason);
});

it('says that an empty file has no header, and that a broken archive is one', async () => {
  const empty = join(folder, 'empty.csv');
  writeFileSync(empty, '');
  await expect(run(empty)).rejects.toThrow('has no header');
  const torn = join(folder, 'torn.csv.gz');
  writeFileSync(torn, gzipSync(LINES.join('\n')).subarray(0, 40));
  await expect(run(torn)).rejects.toThrow('cannot be read: unexpected end of file');
});
