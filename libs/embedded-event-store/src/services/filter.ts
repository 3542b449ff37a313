import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { handlerFailed, invalidArgument } from '../errors.js';
import type { StoredEvent } from '../log/record.js';

const DEFAULT_WINDOW = 32;

/** Which events of the whole log a read wants, and how often it wants to be told how far the search has come. */
export type Filter = Readonly<{
  matches: (event: StoredEvent) => boolean;
  /** Events considered between two checkpoints. */
  checkpointInterval: number;
}>;

/**
 * What a request's filter means. It sees links, not what they point to. A regular expression is searched anywhere in the name, as .NET's
 * `Match` does; a list of prefixes matches when any of them begins the name, and an empty one never.
 * @throws RpcError where the expression cannot be read, or the interval is 0
 */
export const filterOf = (options: streamsPb.ReadReq.Options.FilterOptions, isSubscription: boolean): Filter => {
  const byStream = options.getStreamIdentifier();
  const expression = byStream ?? options.getEventType();
  if (!expression) throw invalidArgument('A filter is on stream names or on event types');
  const textOf = byStream ? ({ streamName }: StoredEvent) => streamName : ({ type }: StoredEvent) => type;

  const multiplier = options.getCheckpointintervalmultiplier();
  if (isSubscription && multiplier === 0) throw invalidArgument('The checkpoint interval multiplier is at least 1');
  const window = options.hasMax() ? options.getMax() : DEFAULT_WINDOW;
  if (options.hasMax() && window === 0) throw invalidArgument('The search window is at least 1');

  const regex = expression.getRegex();
  const prefixes = expression.getPrefixList();
  let matches = (event: StoredEvent) => prefixes.some((prefix) => textOf(event).startsWith(prefix));
  if (regex !== '') {
    try {
      const pattern = new RegExp(regex);
      matches = (event) => pattern.test(textOf(event));
    } catch {
      throw handlerFailed();
    }
  }
  return { matches, checkpointInterval: Math.max(1, multiplier) * window };
};
