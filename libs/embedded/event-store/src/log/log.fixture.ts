import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createdAt, encodeRecord, EventRecord, seal, type ProposedEvent } from './record.js';

/** A folder of its own for one test, gone when the test is over. */
export const scratchFolder = (): Readonly<{ path: string; remove: () => void }> => {
  const path = mkdtempSync(join(tmpdir(), 'embedded-event-store-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

let ids = 0;

/** An event that was proposed; every one has an id of its own. */
export const proposed = (type: string, data = '', more: Partial<ProposedEvent> = {}): ProposedEvent => {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(++ids, 12);
  return { id, type: Buffer.from(type), isJson: true, data: Buffer.from(data), customMetadata: Buffer.alloc(0), ...more };
};

/** What a test writes at once: each event to a stream, at a revision. */
export type Write = readonly Readonly<{ stream: string; revision: number; event: ProposedEvent }>[];

/** The records of one write, from a position on. */
export const recordsOf = (write: Write, from: number, salt: number): EventRecord[] => {
  let position = from;
  return write.map(({ stream, revision, event }, n) => {
    const place = { name: Buffer.from(stream), revision, position };
    const record = encodeRecord(event, place, createdAt(1_700_000_000_000), (size) => Buffer.alloc(size));
    seal(record, n === write.length - 1, salt);
    position += record.length;
    return new EventRecord(record);
  });
};
