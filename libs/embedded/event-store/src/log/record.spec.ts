import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { proposed, recordsOf } from './log.fixture.js';
import { isIntact, withStructuredId, type EventRecord } from './record.js';
import { TOMBSTONE } from './revision.js';

const require = createRequire(import.meta.url);
const { ReadResp } =
  require('@eventstore/db-client/generated/streams_pb.js') as typeof import('@eventstore/db-client/generated/streams_pb.js');
const { RecordedEvent } = ReadResp.ReadEvent;

const SALT = 12_345;
const record = (revision: number, position: number, type = 'Größe', data = '{"a":"ä"}') => {
  const event = proposed(type, data, { customMetadata: Buffer.from('{"m":1}') });
  return recordsOf([{ stream: 'käse-1', revision, event }], position, SALT)[0] as EventRecord;
};

describe('a record', () => {
  it('holds what was proposed, and where it stands', () => {
    const { position, revision, createdMs, endsWrite, streamName, type, data, customMetadata, end, bytes } = record(7, 2 ** 40);
    expect({ position, revision, createdMs, endsWrite, streamName, type }).toEqual({
      position: 2 ** 40,
      revision: 7,
      createdMs: 1_700_000_000_000,
      endsWrite: true,
      streamName: 'käse-1',
      type: 'Größe',
    });
    expect([data.toString(), customMetadata.toString()]).toEqual(['{"a":"ä"}', '{"m":1}']);
    expect(end).toBe(2 ** 40 + bytes.length);
  });

  it.each([
    [0, 0, '0'],
    [127, 128, '127'],
    [128, 2 ** 31, '128'],
    [2 ** 33, 2 ** 47, '8589934592'],
    [TOMBSTONE, 5, '9223372036854775807'],
  ])('is, at revision %d and position %d, the message that clients read', (revision, position, text) => {
    const stored = record(revision, position);
    const message = RecordedEvent.deserializeBinary(stored.message);
    expect(message.getStreamRevision()).toBe(text);
    expect([message.getCommitPosition(), message.getPreparePosition()]).toEqual([String(position), String(position)]);
    expect(Buffer.from(message.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe('käse-1');
    expect(Object.fromEntries(message.getMetadataMap().getEntryList())).toEqual({
      type: 'Größe',
      created: '17000000000000000',
      'content-type': 'application/json',
    });
    expect(Buffer.from(message.getData_asU8()).toString()).toBe('{"a":"ä"}');
    expect(message.getId()?.getString()?.replaceAll('-', '')).toBe(stored.id.toString('hex'));
  });

  it('gives its id as two numbers to those who ask for that', () => {
    const id = Buffer.from('8000000000000001ffffffffffffffff', 'hex');
    const stored = recordsOf([{ stream: 's', revision: 0, event: proposed('T', '', { id }) }], 0, SALT)[0] as EventRecord;
    const message = RecordedEvent.deserializeBinary(withStructuredId(stored));
    const { mostSignificantBits, leastSignificantBits } = message.getId()?.getStructured()?.toObject() ?? {};
    expect([mostSignificantBits, leastSignificantBits]).toEqual(['-9223372036854775807', '-1']);
    expect(message.getStreamRevision()).toBe('0');
  });

  it('is a link where its type says so', () => {
    expect(record(0, 0, '$>', '1@other').isLink).toBe(true);
    expect([record(0, 0, '$', '>').isLink, record(0, 0, '$>>').isLink]).toEqual([false, false]);
  });

  it('is intact only as it was written, where it was written, in its own log', () => {
    const { bytes } = record(3, 500);
    expect(isIntact(bytes, 500, SALT)).toBe(true);
    expect(isIntact(bytes, 501, SALT)).toBe(false);
    expect(isIntact(bytes, 500, SALT + 1)).toBe(false);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 1;
      expect(isIntact(damaged, 500, SALT)).toBe(false);
    }
  });
});
