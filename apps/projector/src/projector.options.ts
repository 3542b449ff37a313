import type { EventLog } from '#kernel';
import { RECENT_DOCUMENTS, type AnyProjection, type ReadModels } from '#adapters/read-models';

/** What a projector is made of. */
export type ProjectorOptions = Readonly<{
  log: EventLog;
  models: ReadModels;
  projections: readonly AnyProjection[];
  settings?: Partial<ProjectorSettings>;
}>;

export type ProjectorSettings = Readonly<{
  /** Most events that a view takes in one batch. It holds three times as many in memory at most. */
  batchEvents: number;
  /** Most folded documents that a view keeps in memory. */
  recentDocuments: number;
  /**
   * Most that a view at the end of the log rests after a batch, in milliseconds: how much later than it could be a view shows what happens
   * while much does. What happens after a quiet moment is taken at once.
   */
  restMs: number;
  /** How long `stop` waits for batches that are being written, in milliseconds; then it leaves them to whoever resumes. */
  stopWithinMs: number;
  /** How long a view that another process is moving is left to it, in milliseconds, before this one tries to take over. */
  standbyMs: number;
  /**
   * Views whose checkpoints lie no further apart, in positions (bytes of the log, in EventStoreDB), share one subscription. Those that are
   * further behind get one of their own, so that a new view does not hold up the others.
   */
  sharedWithin: bigint;
}>;

export const PROJECTOR_SETTINGS: ProjectorSettings = {
  batchEvents: 500,
  recentDocuments: RECENT_DOCUMENTS,
  restMs: 100,
  stopWithinMs: 10_000,
  standbyMs: 500,
  sharedWithin: 16n * 1024n * 1024n,
};
