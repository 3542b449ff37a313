import { TOMBSTONE } from './revision.js';

/** What an append expects of its stream. */
export type ExpectedRevision = number | 'no_stream' | 'any' | 'stream_exists';

/** Where an event stands that was written lately. */
export type EventPlace = Readonly<{ streamName: string; revision: number }>;

/** What is known of a stream when an append is decided. */
export type StreamState = Readonly<{
  /** The last event number, -1 if never written. A soft delete leaves it as it is; a tombstone makes it `TOMBSTONE`. */
  last: number;
  softDeleted: boolean;
  /** Whether its metastream holds anything: metadata alone makes a stream exist. */
  hasMetadata: boolean;
  /** The id of the event at a revision. */
  idAt: (revision: number) => string | undefined;
  /** Where an event id was written lately, if it was; of the events that are remembered. */
  recent: (id: string) => EventPlace | undefined;
}>;

export type Decision =
  | Readonly<{ kind: 'append' }>
  /** All of it was written before: answered with this revision, nothing is written. */
  | Readonly<{ kind: 'idempotent'; revision: number }>
  | Readonly<{ kind: 'wrong-expected-version' }>
  | Readonly<{ kind: 'stream-deleted' }>;

const APPEND: Decision = { kind: 'append' };
const WRONG: Decision = { kind: 'wrong-expected-version' };
const DELETED: Decision = { kind: 'stream-deleted' };

/** Without a revision to compare at, an append is a repeat when all of its ids were written to this stream lately. */
const byRecentIds = (streamName: string, ids: readonly string[], { recent }: StreamState): Decision => {
  let last = -1;
  for (const [n, id] of ids.entries()) {
    const place = recent(id);
    if (place?.streamName !== streamName) return n === 0 ? APPEND : WRONG;
    last = place.revision;
  }
  return ids.length === 0 ? APPEND : { kind: 'idempotent', revision: last };
};

/** With a revision that was passed already, an append is a repeat when exactly its ids follow that revision. */
const byFollowingIds = (expected: number, ids: readonly string[], { idAt, softDeleted }: StreamState): Decision => {
  if (ids.length === 0) return WRONG;
  const firstDiffers = idAt(expected + 1) !== ids[0];
  if (firstDiffers) return expected === -1 && softDeleted ? APPEND : WRONG;
  const same = ids.every((id, n) => idAt(expected + 1 + n) === id);
  return same ? { kind: 'idempotent', revision: expected + ids.length } : WRONG;
};

/**
 * Whether an append is written, answered as a repeat, or refused: the server's own order of questions (IndexWriter.CheckCommit).
 * @param ids of the events, in order
 */
export const decideAppend = (streamName: string, expected: ExpectedRevision, ids: readonly string[], state: StreamState): Decision => {
  const { last, softDeleted, hasMetadata } = state;
  if (last === TOMBSTONE) return DELETED;
  if (expected === 'stream_exists') {
    if (softDeleted) return DELETED;
    if (last < 0 && !hasMetadata) return WRONG;
  }
  if (expected === 'any' || expected === 'stream_exists') return byRecentIds(streamName, ids, state);

  const revision = expected === 'no_stream' ? -1 : expected;
  if (revision < last) return byFollowingIds(revision, ids, state);
  return revision > last ? WRONG : APPEND;
};
