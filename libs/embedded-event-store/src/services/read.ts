import type { handleServerStreamingCall } from '@grpc/grpc-js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { handlerFailed, RpcError } from '../errors.js';
import type { EventLog } from '../log/event-log.js';
import type { Access } from '../security/access.js';
import { Outgoing } from './outgoing.js';
import { readRequestOf } from './read-request.js';
import { serveRead } from './reading.js';
import { serveSubscription } from './subscribing.js';

/** `Streams.Read`: reads that end, and subscriptions that do not. */
export const read =
  (log: EventLog, access: Access): handleServerStreamingCall<streamsPb.ReadReq, Buffer> =>
  (call) => {
    const serve = async () => {
      access.authorize(call.metadata);
      const request = readRequestOf(call.request);
      const outgoing = new Outgoing(call);
      await (request.kind === 'read' ? serveRead(log, request, outgoing) : serveSubscription(log, request, outgoing));
    };
    serve().then(
      () => call.end(),
      (error: unknown) => call.emit('error', error instanceof RpcError ? error : handlerFailed()),
    );
  };
