import type { EventLog } from '../log/event-log.js';
import type { Writing } from '../log/writing.js';
import type { ServerCall } from '../grpc/call.js';
import type { Limits } from '../options.js';
import type { Groups } from '../persistent-subscriptions/groups.js';
import type { Principal } from '../security/principal.js';
import type { StreamAccess } from '../security/stream-access.js';

/** What the services are built on. */
export type NodeContext = Readonly<{
  log: EventLog;
  writing: Writing;
  access: StreamAccess;
  groups: Groups;
  limits: Limits;
  /** Told of what goes wrong in the node itself, which no client is told. */
  onFault: (error: Error) => void;
}>;

/** Serves one method of a service, to somebody who was authenticated. What it throws ends the call. */
export type Method = (call: ServerCall, principal: Principal) => Promise<void> | void;

/** The methods of one service, by name. */
export type Service = Readonly<Record<string, Method>>;

/** A method with one request and one answer. */
export const unary =
  (answer: (request: Buffer, principal: Principal) => Promise<Uint8Array> | Uint8Array): Method =>
  async (call, principal) => {
    const request = await onlyMessage(call);
    call.out.send(await answer(request, principal));
    call.end();
  };

/** The request of a method that has one. */
export const onlyMessage = (call: ServerCall): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    let request: Buffer = Buffer.alloc(0);
    call.receive(
      (message) => {
        request = message;
      },
      () => resolve(request),
      reject,
    );
  });
