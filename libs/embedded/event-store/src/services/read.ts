import { RpcError, status } from '../grpc/status.js';
import { readReadRequest } from '../wire/read-requests.js';
import { EventReader } from './event-reader.js';
import { onlyMessage, type Method, type NodeContext } from './node-services.js';
import { serveRead } from './reading.js';
import { serveSubscription } from './subscribing.js';

/** `Streams.Read`: reads that end, and subscriptions that do not. */
export const read = ({ log, access, limits }: NodeContext): Method => {
  let subscriptions = 0;
  return async (call, principal) => {
    const request = readReadRequest(await onlyMessage(call));
    access.assert(principal, 'read', request.streamName ?? '$all');
    const reader = new EventReader(log, call, request, access, principal);
    if (request.kind === 'read') {
      await serveRead(reader, request);
    } else {
      if (subscriptions >= limits.subscriptions) {
        throw new RpcError(status.RESOURCE_EXHAUSTED, `The server has at most ${limits.subscriptions} subscriptions at once`);
      }
      subscriptions++;
      try {
        await serveSubscription(reader, request);
      } finally {
        subscriptions--;
      }
    }
    call.end();
  };
};
