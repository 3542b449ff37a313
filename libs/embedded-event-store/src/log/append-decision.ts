import { LONG_MAX } from './stream-metadata.js';

/** What an append expects of its stream. */
export type ExpectedRevision = bigint | 'no_stream' | 'any' | 'stream_exists';

/** What is known of a stream when an append is decided. */
export type StreamState = Readonly<{
  /** The last event number, -1 if never written. A soft delete leaves it as it is; a tombstone makes it `LONG_MAX`. */
  last: bigint;
  softDeleted: boolean;
  /** Whether its metastream holds anything: metadata alone makes a stream exist. */
  hasMetadata: boolean;
  /** The id of the event at a revision, as hex. */
  idAt: (revision: bigint) => string | undefined;
  /** Where an event id was written lately, if it was; of the events that are remembered. */
  recent: (id: string) => Readonly<{ streamName: string; revision: bigint }> | undefined;
}>;

export type Decision =
  | Readonly<{ kind: 'append' }>
  /** All of it was written before: answered with this revision, nothing is written. */
  | Readonly<{ kind: 'idempotent'; revision: bigint }>
  | Readonly<{ kind: 'wrong-expected-version' }>
  | Readonly<{ kind: 'stream-deleted' }>;

const APPEND: Decision = { kind: 'append' };
const WRONG: Decision = { kind: 'wrong-expected-version' };
const DELETED: Decision = { kind: 'stream-deleted' };

/** Without a revision to compare at, an append is a repeat when all of its ids were written to this stream lately. */
const byRecentIds = (streamName: string, ids: readonly string[], { recent }: StreamState): Decision => {
  const found = ids.map((id) => recent(id)).map((place) => (place?.streamName === streamName ? place.revision : undefined));
  if (found[0] === undefined) return APPEND;
  const last = found.at(-1);
  return last !== undefined && !found.includes(undefined) ? { kind: 'idempotent', revision: last } : WRONG;
};

/** With a revision that was passed already, an append is a repeat when exactly its ids follow that revision. */
const byFollowingIds = (expected: bigint, ids: readonly string[], { idAt, softDeleted }: StreamState): Decision => {
  if (ids.length === 0) return WRONG;
  const firstDiffers = idAt(expected + 1n) !== ids[0];
  if (firstDiffers) return expected === -1n && softDeleted ? APPEND : WRONG;
  const same = ids.every((id, n) => idAt(expected + 1n + BigInt(n)) === id);
  return same ? { kind: 'idempotent', revision: expected + BigInt(ids.length) } : WRONG;
};

/**
 * Whether an append is written, answered as a repeat, or refused: the server's own order of questions (IndexWriter.CheckCommit).
 * @param ids of the events, as hex, in order
 */
export const decideAppend = (streamName: string, expected: ExpectedRevision, ids: readonly string[], state: StreamState): Decision => {
  const { last, softDeleted, hasMetadata } = state;
  if (last === LONG_MAX) return DELETED;
  if (expected === 'stream_exists') {
    if (softDeleted) return DELETED;
    if (last < 0n && !hasMetadata) return WRONG;
  }
  if (expected === 'any' || expected === 'stream_exists') return byRecentIds(streamName, ids, state);

  const revision = expected === 'no_stream' ? -1n : expected;
  if (revision < last) return byFollowingIds(revision, ids, state);
  return revision > last ? WRONG : APPEND;
};
