import { describe, expect, it } from '@jest/globals';
import { digestOf, type HeldNotice } from './digest.js';
import { NOTICE_LIMITS } from './limits.js';

const update = (noticeId: string, more: Partial<HeldNotice> = {}): HeldNotice => ({
  ...{ noticeId, incidentId: 'INC0000123', kind: 'update', subject: `Subject ${noticeId}`, text: `Text ${noticeId}\n` },
  ...more,
});

describe('a digest', () => {
  it('is all that was held, oldest first', () => {
    expect(digestOf([update('a'), update('b')])).toEqual({
      combines: ['a', 'b'],
      incidentId: 'INC0000123',
      facts: { count: '2', updates: `Subject a\n\nText a\n\n${'-'.repeat(40)}\n\nSubject b\n\nText b` },
    });
  });

  it('is of no one incident where there are several', () => {
    expect(digestOf([update('a'), update('b', { incidentId: 'INC0000124' })])?.incidentId).toBeNull();
  });

  it('is none of one update, or of none', () => {
    expect([digestOf([update('a')]), digestOf([])]).toEqual([undefined, undefined]);
  });

  it('leaves pages, digests and what asks for an answer to themselves', () => {
    const confirmation = { resolutionRevision: 17, expiresAt: '2026-01-12T11:00:00.000Z' };
    const others = [update('p', { kind: 'page' }), update('d', { kind: 'digest' }), update('c', { confirmation })];
    expect(digestOf([update('a'), ...others, update('b')])?.combines).toEqual(['a', 'b']);
    expect(digestOf([update('a'), ...others])).toBeUndefined();
  });

  it('lists only subjects beyond a length', () => {
    const long = { text: 'x'.repeat(9_000) };
    const { facts } = digestOf([update('a', long), update('b', long), update('c', long), update('d')]) ?? { facts: { updates: '' } };
    expect(facts.updates).toMatch(/Subject b\n\nx+\n\n-+\n\n- Subject c\n- Subject d$/);
  });

  it('takes in at most 100, and stays within a notice', () => {
    const many = Array.from({ length: 150 }, (_, n) => update(`${n}`, { subject: 's'.repeat(200), text: n < 19 ? 't'.repeat(800) : 't' }));
    const digest = digestOf(many);
    expect(digest?.combines).toHaveLength(100);
    expect(digest?.facts.updates.length).toBeGreaterThan(30_000);
    expect(digest?.facts.updates.length).toBeLessThan(NOTICE_LIMITS.text - 5_000);
  });
});
