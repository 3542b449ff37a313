import { status } from '../grpc/status.js';
import { clampRevision } from '../log/revision.js';
import { handlerFailed, invalidArgument, RpcError } from '../rpc-error.js';
import { readStreamName } from './append-requests.js';
import { filterOf, readFilterOptions, type EventFilter, type FilterOptions } from './filter.js';
import { MalformedMessage, Reader } from './protobuf.js';
import type { IdForm } from './read-responses.js';

/** Where a read begins: at a place (a revision, or a position of the log), or at either end. */
export type From = number | 'start' | 'end';

export type ReadRequest = Readonly<{
  /** Absent: the whole log. */
  streamName?: string;
  from: From;
  backwards: boolean;
  resolveLinks: boolean;
  idForm: IdForm;
  filter?: Readonly<{ matches: EventFilter; /** Events considered between two checkpoints. */ checkpointInterval: number }>;
}> &
  (Readonly<{ kind: 'read'; count: number }> | Readonly<{ kind: 'subscription' }>);

/** Clients say "none" by the largest number of 64 bits, which no place has. */
export const placeNumber = (value: number): From => (value > 2 ** 63 ? 'end' : value);

/** How many events a reader is told of together, where it does not say. */
const DEFAULT_WINDOW = 32;

const revisionOf = (place: From): From => (typeof place === 'number' ? clampRevision(place) : place);

/** `StreamOptions`. */
export const readStreamOptions = (options: Reader): Readonly<{ streamName: string; from: From }> => {
  let streamName: string | undefined;
  let from: From = 'end';
  while (options.next()) {
    if (options.field === 1) streamName = readStreamName(options.nested());
    else if (options.field === 2) from = revisionOf(placeNumber(options.number()));
    else if (options.field === 3) from = 'start';
  }
  if (streamName === undefined) throw handlerFailed();
  return { streamName, from };
};

/** A position of the log: its commit position, for events have no other here. */
export const readPosition = (position: Reader): From => {
  let commit = 0;
  while (position.next()) if (position.field === 1) commit = position.number();
  return placeNumber(commit);
};

const readAllOptions = (options: Reader): From => {
  let from: From = 'end';
  while (options.next()) {
    if (options.field === 1) from = readPosition(options.nested());
    else if (options.field === 2) from = 'start';
  }
  return from;
};

/** `UUIDOption`. */
export const readIdForm = (option: Reader): IdForm => {
  let form: IdForm = 'text';
  while (option.next()) form = option.field === 1 ? 'structured' : 'text';
  return form;
};

const filterFor = (options: FilterOptions, isSubscription: boolean): ReadRequest['filter'] => {
  const { window = DEFAULT_WINDOW, checkpointIntervalMultiplier: multiplier } = options;
  if (isSubscription && multiplier === 0) throw invalidArgument('The checkpoint interval multiplier is at least 1');
  if (window === 0) throw invalidArgument('The search window is at least 1');
  return { matches: filterOf(options), checkpointInterval: Math.max(1, multiplier) * window };
};

/** `ReadReq`. @throws RpcError for combinations that no server serves */
export const readReadRequest = (message: Buffer): ReadRequest => {
  const request = new Reader(message);
  while (request.next()) if (request.field === 1) return readOptions(request.nested());
  throw new MalformedMessage();
};

const readOptions = (options: Reader): ReadRequest => {
  let source: Readonly<{ streamName?: string; from: From }> | undefined;
  let backwards = false;
  let resolveLinks = false;
  let count: number | undefined;
  let isSubscription = false;
  let filterOptions: FilterOptions | undefined;
  let idForm: IdForm = 'text';
  while (options.next()) {
    if (options.field === 1) source = readStreamOptions(options.nested());
    else if (options.field === 2) source = { from: readAllOptions(options.nested()) };
    else if (options.field === 3) backwards = options.bool();
    else if (options.field === 4) resolveLinks = options.bool();
    else if (options.field === 5) count = options.number();
    else if (options.field === 6) isSubscription = true;
    else if (options.field === 7) filterOptions = readFilterOptions(options.nested());
    else if (options.field === 9) idForm = readIdForm(options.nested());
  }
  if (!source) throw invalidArgument('A read is of a stream or of $all');
  if (isSubscription && backwards) throw invalidArgument('A subscription goes forwards');
  if (source.streamName !== undefined && filterOptions) throw invalidArgument('Only reads of $all are filtered');
  const filter = filterOptions && filterFor(filterOptions, isSubscription);
  const common = { ...source, backwards, resolveLinks, idForm, ...(filter && { filter }) };
  if (isSubscription) return { ...common, kind: 'subscription' };
  if (count === undefined) throw handlerFailed();
  const isBeyondTheEnd = source.streamName !== undefined && !backwards && source.from === 'end';
  // the real server's own words for a read of nothing
  if (count === 0 || isBeyondTheEnd) throw new RpcError(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  return { ...common, kind: 'read', count };
};
