import { LONG_MAX, TOMBSTONE } from '../log/revision.js';
import type { FilterDescription } from '../wire/filter.js';
import type { From } from '../wire/read-requests.js';

/** How a group hands its messages to its consumers. */
export const STRATEGIES = ['RoundRobin', 'DispatchToSingle', 'Pinned', 'PinnedByCorrelation'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** What a persistent subscription is set to, in the words of the protocol. */
export type GroupSettings = Readonly<{
  /** The first event that is handed over: a revision of the stream, or a position of `$all`; both included. */
  startFrom: From;
  resolveLinks: boolean;
  extraStatistics: boolean;
  /** After so many milliseconds a message that was not answered is handed over again; 0: never. */
  messageTimeoutMs: number;
  /** So often a message is handed over again; then it is parked. */
  maxRetryCount: number;
  /** A checkpoint is written when so many milliseconds have passed and `minCheckpointCount` messages are done … */
  checkpointAfterMs: number;
  minCheckpointCount: number;
  /** … or so many. */
  maxCheckpointCount: number;
  /** 0: any number. */
  maxSubscriberCount: number;
  liveBufferSize: number;
  readBatchSize: number;
  /** So many messages are read ahead. */
  historyBufferSize: number;
  strategy: string;
}>;

/** What a group consumes: a stream, or all events, of which a filter may leave some out. */
export type GroupSource = Readonly<{ streamName: string; filter?: FilterDescription }>;

export const ALL = '$all';

/** Why settings cannot be; `undefined` where they can. */
export const faultOf = ({ strategy, readBatchSize, historyBufferSize }: GroupSettings): string | undefined => {
  if (!STRATEGIES.some((name) => name === strategy)) return `Consumer strategy ${strategy} does not exist.`;
  if (readBatchSize >= historyBufferSize) return 'The history buffer is larger than the read batch.';
  return undefined;
};

/**
 * A place in a source as the protocol writes it: `12` in a stream, `C:12/P:12` in `$all`, and -1 for the end.
 * @param place a revision or a position
 */
export const placeText = (streamName: string, place: From): string => {
  const number = place === 'start' ? 0 : place === 'end' ? -1 : place === TOMBSTONE ? LONG_MAX : place;
  return streamName === ALL ? `C:${number}/P:${number}` : String(number);
};

/** The place that such a text names. */
export const placeOf = (text: string): From | undefined => {
  const [, stream, all] = /^(?:(-?\d+)|C:(-?\d+)\/P:-?\d+)$/.exec(text) ?? [];
  const number = stream ?? all;
  if (number === undefined) return undefined;
  return Number(number) < 0 ? 'end' : Number(number);
};
