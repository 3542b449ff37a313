import { status } from '@grpc/grpc-js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { handlerFailed, invalidArgument, RpcError } from '../errors.js';
import { LONG_MAX } from '../log/stream-metadata.js';
import { streams } from '../wire/messages.js';
import { filterOf, type Filter } from './filter.js';
import { streamNameOf } from './proposed.js';

/** Where a read begins: at a place (a revision, or a position of the log), or at either end. */
export type From = bigint | 'start' | 'end';

export type ReadRequest = Readonly<{
  /** Absent: the whole log. */
  streamName?: string;
  from: From;
  backwards: boolean;
  resolveLinks: boolean;
  filter?: Filter;
}> &
  (Readonly<{ kind: 'read'; count: bigint }> | Readonly<{ kind: 'subscription' }>);

const NO_POSITION = 18_446_744_073_709_551_615n;

const fromOf = (options: streamsPb.ReadReq.Options): From => {
  const stream = options.getStream();
  if (stream) {
    if (stream.hasRevision()) {
      const revision = BigInt(stream.getRevision());
      return revision > LONG_MAX ? 'end' : revision;
    }
    return stream.hasStart() ? 'start' : 'end';
  }
  const all = options.getAll();
  const position = all?.getPosition();
  if (position) {
    const commit = BigInt(position.getCommitPosition());
    return commit === NO_POSITION ? 'end' : commit;
  }
  return all?.hasStart() ? 'start' : 'end';
};

/** Reads the request; @throws RpcError for combinations that no server serves */
export const readRequestOf = (request: streamsPb.ReadReq): ReadRequest => {
  const options = request.getOptions();
  if (!options || !(options.hasStream() || options.hasAll())) throw invalidArgument('A read is of a stream or of $all');
  const isSubscription = options.hasSubscription();
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  if (isSubscription && backwards) throw invalidArgument('A subscription goes forwards');
  const filterOptions = options.getFilter();
  const stream = options.getStream();
  if (stream && filterOptions) throw invalidArgument('Only reads of $all are filtered');

  if (stream?.getStreamIdentifier()?.getStreamName_asU8().length === 0) throw handlerFailed();

  const common = {
    ...(stream && { streamName: streamNameOf(stream) }),
    from: fromOf(options),
    backwards,
    resolveLinks: options.getResolveLinks(),
    ...(filterOptions && { filter: filterOf(filterOptions, isSubscription) }),
  };
  if (isSubscription) return { ...common, kind: 'subscription' };
  if (!options.hasCount()) throw handlerFailed();
  const count = BigInt(options.getCount());
  // the real server's own words for a read of nothing
  if (count === 0n) throw new RpcError(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  return { ...common, kind: 'read', count };
};
