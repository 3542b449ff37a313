import type { Handler } from '../grpc/call.js';
import { asRpcError } from '../rpc-error.js';
import type { Principal } from '../security/principal.js';
import { gossipService } from './gossip.js';
import type { Method, NodeContext, Service } from './node-services.js';
import { persistentSubscriptionsService } from './persistent-subscriptions.js';
import { serverFeaturesService } from './server-features.js';
import { streamsService } from './streams.js';

/** Who sends an `authorization` header from an address. @throws RpcError */
export type Authenticate = (header: string | undefined, address: string) => Principal | Promise<Principal>;

/** Clients ask these before they say who they are. */
const nobodyAsked: Authenticate = () => 'anonymous';

const handlerOf =
  (method: Method, authenticate: Authenticate, onFault: (error: Error) => void): Handler =>
  (call) => {
    const serve = async () => {
      const principal = await authenticate(call.metadata('authorization'), call.peer);
      await method(call, principal);
    };
    serve().catch((error: unknown) => call.fail(asRpcError(error, onFault)));
  };

/** Everything that is served, by path. Projections, users, operations and monitoring are not: they answer UNIMPLEMENTED. */
export const handlersOf = (
  context: NodeContext,
  authenticate: Authenticate,
  address: () => Readonly<{ host: string; port: number }>,
): ReadonlyMap<string, Handler> => {
  const handlers = new Map<string, Handler>();
  const add = (name: string, service: Service, authenticated: Authenticate) => {
    for (const [method, serve] of Object.entries(service)) {
      handlers.set(`/event_store.client.${name}/${method}`, handlerOf(serve, authenticated, context.onFault));
    }
  };
  add('streams.Streams', streamsService(context), authenticate);
  add('persistent_subscriptions.PersistentSubscriptions', persistentSubscriptionsService(context), authenticate);
  add('gossip.Gossip', gossipService(address), nobodyAsked);
  const paths = () => [...handlers.keys()].map((path) => path.slice(1));
  add('server_features.ServerFeatures', serverFeaturesService(paths), nobodyAsked);
  return handlers;
};
