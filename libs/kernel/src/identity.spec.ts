import { describe, expect, it } from '@jest/globals';
import { canonicalJson, derivedId, inputHash } from './index.js';

describe('derivedId', () => {
  it('is a UUID of version 8', () => {
    expect(derivedId('event', 'c1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is the same for the same parts, and another one wherever they are divided', () => {
    expect(derivedId('ab', 'c')).toBe(derivedId('ab', 'c'));
    expect(new Set([derivedId('ab', 'c'), derivedId('a', 'bc'), derivedId('abc'), derivedId('ab', 'c', '')]).size).toBe(4);
  });

  it('stays what it was: ids in the log were made by it', () => {
    expect(derivedId('event', 'c1', 'incident-1', '0')).toBe('d6a5b00e-7124-89fe-b78c-42e616da49c6');
  });
});

describe('canonicalJson', () => {
  it('does not mind the order of fields, nor absent ones', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2n }], a: undefined })).toBe('{"b":[{"c":"2","d":1}]}');
    expect(inputHash({ a: 1, b: { c: null } })).toBe(inputHash({ b: { c: null }, a: 1 }));
  });

  it('minds the order of elements', () => {
    expect(inputHash([1, 2])).not.toBe(inputHash([2, 1]));
  });
});
