import type { ExpectedRevision } from '../log/append-decision.js';
import type { ProposedEvent } from '../log/record.js';
import { handlerFailed, maximumAppendSizeExceeded, streamDeleted, wrongExpectedVersion } from '../rpc-error.js';
import { expectedNumber, readDeletion, readProposedEvent, readWriteOptions, type WriteOptions } from '../wire/append-requests.js';
import { appendedResponse, deletedResponse, refusedResponse } from '../wire/append-responses.js';
import { Reader } from '../wire/protobuf.js';
import { unary, type Method, type NodeContext } from './node-services.js';

/** `Streams.Append`: options first, then one message an event; access and size are checked while they come. */
export const append =
  ({ writing, access, limits }: NodeContext): Method =>
  async (call, principal) => {
    let options: WriteOptions | undefined;
    const events: ProposedEvent[] = [];
    let bytes = 0;

    const take = (message: Buffer) => {
      const request = new Reader(message);
      while (request.next()) {
        if (request.field === 1) {
          options = readWriteOptions(request.nested());
          access.assert(principal, 'write', options.streamName);
        } else if (request.field === 2) {
          const event = readProposedEvent(request.nested());
          // the real server's own answer to an event without a type
          if (event.type.length === 0) throw handlerFailed();
          bytes += event.data.length;
          if (bytes > limits.appendBytes) throw maximumAppendSizeExceeded(limits.appendBytes);
          events.push(event);
        }
      }
    };
    await new Promise<void>((resolve, reject) => call.receive(take, resolve, reject));
    if (!options) throw handlerFailed();

    const { streamName, expected } = options;
    const result = await writing.append(streamName, expected, events);
    if (result.kind === 'stream-deleted') throw streamDeleted(streamName);
    call.out.send(result.kind === 'written' ? appendedResponse(result) : refusedResponse(expected, result.current));
    call.end();
  };

/** `Streams.Delete` and `Streams.Tombstone`: a lost revision is an error here. */
const deletion = ({ writing, access }: NodeContext, kind: 'delete' | 'tombstone'): Method =>
  unary(async (request, principal) => {
    const { streamName, expected } = readDeletion(request);
    access.assert(principal, 'delete', streamName);
    const result = await (kind === 'delete' ? writing.delete(streamName, expected) : writing.tombstone(streamName, expected));
    if (result.kind === 'stream-deleted') throw streamDeleted(streamName);
    if (result.kind === 'wrong-expected-version') throw lost(streamName, expected, result.current);
    return deletedResponse(result.position);
  });

const lost = (streamName: string, expected: ExpectedRevision, current: number) =>
  wrongExpectedVersion(streamName, expectedNumber(expected), current);

export const deleteStream = (context: NodeContext): Method => deletion(context, 'delete');
export const tombstoneStream = (context: NodeContext): Method => deletion(context, 'tombstone');
