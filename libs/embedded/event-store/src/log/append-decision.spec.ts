import { describe, expect, it } from '@jest/globals';
import { decideAppend, type ExpectedRevision, type StreamState } from './append-decision.js';
import { TOMBSTONE } from './revision.js';

/** A stream "s" that holds these ids, and what is remembered of others. */
const state = (ids: readonly string[], more: Partial<StreamState> & { elsewhere?: readonly string[] } = {}): StreamState => ({
  last: ids.length - 1,
  softDeleted: false,
  hasMetadata: false,
  idAt: (revision) => ids[revision],
  recent: (id) => {
    if (more.elsewhere?.includes(id)) return { streamName: 'other', revision: 0 };
    return ids.includes(id) ? { streamName: 's', revision: ids.indexOf(id) } : undefined;
  },
  ...more,
});

const append = 'append';
const wrong = 'wrong-expected-version';
const deleted = 'stream-deleted';
const NEW = state([]);
const ABC = state(['a', 'b', 'c']);
const HIDDEN = state(['a', 'b'], { softDeleted: true, hasMetadata: true });
const ENDED = state(['a'], { last: TOMBSTONE });
const METADATA_ONLY = state([], { hasMetadata: true });

describe('an append', () => {
  it.each<[string, StreamState, ExpectedRevision, string, string | number]>([
    // a stream that never was
    ['new', NEW, 'any', 'x', append],
    ['new', NEW, 'no_stream', 'x', append],
    ['new', NEW, 'stream_exists', 'x', wrong],
    ['new', NEW, 0, 'x', wrong],
    ['of metadata alone', METADATA_ONLY, 'stream_exists', 'x', append],
    // a stream of a, b, c
    ['abc', ABC, 'any', 'x', append],
    ['abc', ABC, 'stream_exists', 'x', append],
    ['abc', ABC, 2, 'x', append],
    ['abc', ABC, 3, 'x', wrong],
    ['abc', ABC, 1, 'x', wrong],
    ['abc', ABC, 'no_stream', 'x', wrong],
    // sent again
    ['abc', ABC, 'any', 'b', 1],
    ['abc', ABC, 'any', 'cb', 1],
    ['abc', ABC, 'stream_exists', 'abc', 2],
    ['abc', ABC, 'any', 'ax', wrong],
    ['abc', ABC, 'any', 'xa', append],
    ['abc', ABC, 'no_stream', 'a', 0],
    ['abc', ABC, 'no_stream', 'abc', 2],
    ['abc', ABC, 0, 'bc', 2],
    ['abc', ABC, 0, 'b', 1],
    ['abc', ABC, 0, 'cb', wrong],
    ['abc', ABC, 1, 'cx', wrong],
    ['abc', ABC, 'no_stream', 'abcx', wrong],
    ['that has its id elsewhere', state(['a'], { elsewhere: ['x'] }), 'any', 'x', append],
    // of nothing
    ['new', NEW, 'any', '', append],
    ['abc', ABC, 2, '', append],
    ['abc', ABC, 1, '', wrong],
    // soft-deleted
    ['deleted', HIDDEN, 'any', 'x', append],
    ['deleted', HIDDEN, 'no_stream', 'x', append],
    ['deleted', HIDDEN, 1, 'x', append],
    ['deleted', HIDDEN, 0, 'x', wrong],
    ['deleted', HIDDEN, 'stream_exists', 'x', deleted],
    ['deleted', HIDDEN, 'no_stream', 'ab', 1],
    // ended for good
    ['ended', ENDED, 'any', 'a', deleted],
    ['ended', ENDED, TOMBSTONE, 'x', deleted],
    ['ended', ENDED, 'no_stream', 'x', deleted],
  ])('to a stream %s, %#: expecting %3$p, of "%4$s", is decided as %5$p', (_, stream, expected, ids, outcome) => {
    const decision = decideAppend('s', expected, [...ids], stream);
    expect(decision).toEqual(typeof outcome === 'number' ? { kind: 'idempotent', revision: outcome } : { kind: outcome });
  });
});
