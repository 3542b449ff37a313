import { describe, expect, it } from '@jest/globals';
import { TOMBSTONE } from './revision.js';
import { isSoftDeleted, NO_METADATA, parseMetadata, SOFT_DELETED, truncatedBefore } from './stream-metadata.js';

describe('stream metadata', () => {
  it('is what the JSON says', () => {
    const json = '{"$maxCount":3,"$maxAge":60,"$tb":5,"$cacheControl":1,"$acl":{"$r":"ada","$w":["ada","$admins"]},"own":true}';
    expect(parseMetadata(json)).toEqual({
      json,
      maxCount: 3,
      maxAgeMs: 60_000,
      truncateBefore: 5,
      acl: { $r: ['ada'], $w: ['ada', '$admins'] },
    });
  });

  it.each([
    '',
    'null',
    '[]',
    '"text"',
    '{',
    '{"$maxCount":0}',
    '{"$maxAge":-1}',
    '{"$maxCount":1.5}',
    '{"$tb":-1}',
    '{"$tb":"1"}',
    '{"$acl":[]}',
    '{"$acl":{"$r":5}}',
  ])('does not count as a whole where it says %s', (json) => expect(parseMetadata(json)).toEqual(NO_METADATA));

  it('tells the largest number from those near it', () => {
    expect(isSoftDeleted(parseMetadata(SOFT_DELETED))).toBe(true);
    expect(isSoftDeleted(parseMetadata('{"$tb": 9223372036854775807}'))).toBe(true);
    expect(parseMetadata('{"$tb":9223372036854775806}').truncateBefore).toBe(TOMBSTONE - 1);
  });

  it('keeps the rest when the stream is taken up again', () => {
    const metadata = parseMetadata('{"$maxCount":3,"own":{"$tb":"x"},"$tb":9223372036854775807}');
    expect(JSON.parse(truncatedBefore(metadata, 4))).toEqual({ $maxCount: 3, own: { $tb: 'x' }, $tb: 4 });
  });
});
