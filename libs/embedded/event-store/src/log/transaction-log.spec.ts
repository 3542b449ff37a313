import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataDamaged } from './damage.js';
import { proposed, recordsOf, scratchFolder } from './log.fixture.js';
import { LogReader } from './log-reader.js';
import type { EventRecord } from './record.js';
import { TransactionLog } from './transaction-log.js';

let folder: ReturnType<typeof scratchFolder>;
let log: TransactionLog;
const open = (segmentBytes?: number) => new TransactionLog(folder.path, { durable: true, ...(segmentBytes && { segmentBytes }) });

beforeEach(() => {
  folder = scratchFolder();
  log = open();
});
afterEach(() => {
  log.close();
  folder.remove();
});

/** Appends one write: so many events, each with about so many bytes. */
const append = async (count: number, bytes = 100): Promise<EventRecord[]> => {
  const write = Array.from({ length: count }, (_, n) => ({ stream: 's', revision: n, event: proposed('T', 'x'.repeat(bytes)) }));
  const records = recordsOf(write, log.end, log.salt);
  await log.append(records.map((record) => record.bytes));
  return records;
};

const recovered = async (from = 0): Promise<number[]> => {
  const positions: number[] = [];
  await log.recover(from, (records) => Promise.resolve(void positions.push(...records.map(({ position }) => position))));
  return positions;
};

const reopen = (segmentBytes?: number) => {
  log.close();
  log = open(segmentBytes);
};

const segments = () => readdirSync(folder.path).filter((name) => name.endsWith('.segment'));
const lastSegment = () => join(folder.path, segments().sort().at(-1) as string);

/** The log ends with the process: what was acknowledged last is in no index, only said by the log itself. */
const crash = () => log.close();

describe('the log', () => {
  it('is read however many segments it has', async () => {
    reopen(1);
    const written: EventRecord[] = [];
    for (let n = 0; n < 70; n++) written.push(...(await append(1)));
    for (const { position, id } of [...written, ...written]) expect(log.at(position).id).toEqual(id);
  });

  it('is read forwards and backwards, page by page, over all its segments', async () => {
    reopen(100_000);
    const written: EventRecord[] = [];
    for (let n = 0; n < 60; n++) written.push(...(await append(7, n % 20 === 0 ? 300_000 : 1_000)));
    expect(segments().length).toBeGreaterThan(5);

    const forwards: number[] = [];
    const into = Buffer.alloc(50_000);
    for (let page = log.forwards(0, into); page.length > 0; page = log.forwards(forwards.at(-1) as number, into)) {
      forwards.push(...page.map(({ end }) => end));
    }
    const backwards: number[] = [];
    for (let page = log.backwards(log.end); page.length > 0; page = log.backwards(backwards.at(-1) as number)) {
      backwards.push(...page.map(({ position }) => position));
    }
    expect(forwards).toEqual(written.map(({ end }) => end));
    expect(backwards.reverse()).toEqual(written.map(({ position }) => position));
    for (const { position, id } of written) expect(log.at(position).id).toEqual(id);
  });

  it('finds the next event from any position', async () => {
    reopen(2_000);
    const written = [...(await append(3)), ...(await append(9, 700)), ...(await append(2, 10_000))];
    const starts = written.map(({ position }) => position);
    for (let at = 0; at <= log.end + 10; at += 13) {
      const next = starts.find((start) => start >= at) ?? log.end;
      expect(log.boundaryAt(at)).toBe(next);
      expect(log.behind(at)).toBe(starts.find((start) => start > at) ?? log.end);
    }
  });

  it('cannot be talked into an event by data that reads like one', async () => {
    const holding = (data: Buffer) =>
      recordsOf([{ stream: 's', revision: 0, event: { ...proposed('T'), data } }], 0, log.salt)[0] as EventRecord;
    const forgery = proposed('Forged');
    /** A record that is right where it stands, but for the salt of the log, which nobody knows who writes events. */
    const forgedAt = (position: number) =>
      (recordsOf([{ stream: 'forged', revision: 0, event: forgery }], position, log.salt + 1)[0] as EventRecord).bytes;
    const outer = holding(forgedAt(200));
    const inside = outer.bytes.indexOf(outer.data);
    const record = holding(forgedAt(inside));
    expect(record.bytes.indexOf(forgedAt(inside).subarray(0, 36))).toBe(inside);
    await log.append([record.bytes]);
    expect(log.boundaryAt(inside)).toBe(log.end);
    expect(() => log.at(inside)).toThrow(DataDamaged);
  });

  it('begins where there is none, and goes on where it was', async () => {
    const first = await append(3);
    reopen();
    expect(await recovered()).toEqual(first.map(({ position }) => position));
    const second = await append(2);
    reopen();
    expect(await recovered(second[0]?.position)).toEqual(second.map(({ position }) => position));
  });
});

describe('a log whose process ended in the middle', () => {
  it.each([1, 20, 53, 54, 150, 199, 200])('drops an append of which %d bytes are there', async (bytes) => {
    const before = await append(2);
    const torn = recordsOf(
      [0, 1].map((n) => ({ stream: 'torn', revision: n, event: proposed('T', 'x'.repeat(80)) })),
      log.end,
      log.salt,
    );
    crash();
    appendFileSync(lastSegment(), Buffer.concat(torn.map((record) => record.bytes)).subarray(0, bytes));
    log = open();
    expect(await recovered()).toEqual(before.map(({ position }) => position));
    const { end } = log;
    expect(end).toBe(before[1]?.end);
    await append(1);
    reopen();
    expect(await recovered(end)).toEqual([end]);
  });

  it('drops a whole record whose append was not finished', async () => {
    const [before] = await append(1);
    const torn = recordsOf(
      [0, 1].map((n) => ({ stream: 'torn', revision: n, event: proposed('T') })),
      log.end,
      log.salt,
    );
    crash();
    appendFileSync(lastSegment(), (torn[0] as EventRecord).bytes);
    log = open();
    expect(await recovered()).toEqual([before?.position]);
  });

  it('keeps an append that was finished, though nobody was told', async () => {
    await append(1);
    const whole = recordsOf([{ stream: 's', revision: 9, event: proposed('T') }], log.end, log.salt);
    crash();
    appendFileSync(lastSegment(), (whole[0] as EventRecord).bytes);
    log = open();
    expect(await recovered()).toHaveLength(2);
  });

  it('takes nothing after it was closed: its file would be another one by then', async () => {
    await append(1);
    const { end } = log;
    const closed = log;
    log.close();
    log = open();
    await expect(closed.append([Buffer.from('late')])).rejects.toThrow('The log is closed');
    expect([await recovered(), log.end]).toEqual([[0], end]);
  });

  it('begins a segment again that it had not finished making', async () => {
    reopen(1);
    await append(1);
    await append(1);
    const { end } = log;
    crash();
    writeFileSync(join(folder.path, `${String(end).padStart(16, '0')}.segment`), 'EESL');
    log = open(1);
    expect(await recovered()).toHaveLength(2);
    await append(1);
    expect(log.at(end).end).toBe(log.end);
  });
});

describe('a log that lost acknowledged events', () => {
  const refused = async (reason: RegExp) => {
    const opening = async () => {
      log = open();
      await recovered();
    };
    await expect(opening()).rejects.toThrow(DataDamaged);
    await expect(opening()).rejects.toThrow(reason);
    log = open();
  };

  it.each([1, 50, 4_096, 100_000])('is refused when it is cut short by %d bytes', async (bytes) => {
    await append(200, 1_000);
    crash();
    truncateSync(lastSegment(), readFileSync(lastSegment()).length - bytes);
    await refused(/was acknowledged through/);
  });

  it('is refused when its last page is torn', async () => {
    await append(20, 1_000);
    crash();
    const bytes = readFileSync(lastSegment());
    bytes.fill(0, bytes.length - 4_096);
    writeFileSync(lastSegment(), bytes);
    await refused(/is whole up to \d+, and was acknowledged through/);
    // refused, and left as it is
    expect(readFileSync(lastSegment())).toEqual(bytes);
  });

  it('goes on without them when it is told to, by who removes the note of what was acknowledged', async () => {
    await append(20, 1_000);
    crash();
    truncateSync(lastSegment(), readFileSync(lastSegment()).length - 5_000);
    rmSync(join(folder.path, 'acknowledged'));
    log = open();
    // the events were one append, which is there as a whole or not at all
    expect(await recovered()).toEqual([]);
  });

  it('is refused when it ends before what is indexed of it', async () => {
    await append(3);
    const { end } = log;
    await expect(recovered(end + 1)).rejects.toThrow(/was cut short/);
  });

  it('is refused when a segment is missing, cut short, too long, or of another log', async () => {
    reopen(1);
    for (let n = 0; n < 4; n++) await append(1);
    crash();
    const [first, second, third] = segments()
      .sort()
      .map((name) => join(folder.path, name)) as [string, string, string];
    const saved = readFileSync(second);

    rmSync(second);
    expect(() => open(1)).toThrow(/The log has a gap: .* is cut short or missing/);
    writeFileSync(second, saved.subarray(0, -1));
    expect(() => open(1)).toThrow(/The log has a gap/);
    writeFileSync(second, Buffer.concat([saved, Buffer.alloc(1)]));
    expect(() => open(1)).toThrow(/is longer than it was written/);
    writeFileSync(second, saved);
    copyFileSync(first, third);
    expect(() => open(1)).toThrow(/does not begin as a segment/);
    writeFileSync(third, 'nothing of the kind, but long enough');
    expect(() => open(1)).toThrow(/does not begin as a segment/);
    rmSync(folder.path, { recursive: true });
    log = open();
  });

  it('says so when a damaged record is read, and reads the others', async () => {
    const records = await append(3);
    const [first, second, third] = records as [EventRecord, EventRecord, EventRecord];
    const bytes = readFileSync(lastSegment());
    const at = bytes.length - (log.end - second.position) + 60;
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(lastSegment(), bytes);

    expect(() => log.at(second.position)).toThrow(`The record at position ${second.position} is not as it was written`);
    expect(log.forwards(0).map(({ position }) => position)).toEqual([first.position]);
    expect(() => log.forwards(second.position)).toThrow(DataDamaged);
    expect(() => log.backwards(log.end)).toThrow(DataDamaged);
    expect(log.at(third.position).id).toEqual(third.id);
  });
});

describe('a log that is looked at from outside', () => {
  it('is there as far as it was acknowledged', async () => {
    await append(2);
    const outside = LogReader.open(folder.path);
    await append(1);
    appendFileSync(lastSegment(), 'what is being written');
    expect(outside.forwards(0)).toHaveLength(2);
    const later = LogReader.open(folder.path);
    expect([later.forwards(0).length, later.end]).toEqual([3, log.end]);
    outside.close();
    later.close();
  });

  it('is copied as it is at that moment', async () => {
    reopen(1);
    for (let n = 0; n < 3; n++) await append(2);
    const copy = scratchFolder();
    const outside = LogReader.open(folder.path);
    await append(1);
    await outside.copyTo(copy.path);
    outside.close();
    const copied = LogReader.open(copy.path);
    expect(copied.end).toBe(log.backwards(log.end)[0]?.position);
    copied.close();
    copy.remove();
  });
});
