import { RpcError, status } from '../grpc/status.js';
import { Consumer } from '../persistent-subscriptions/consumer.js';
import { groupFailed, maximumSubscribersReached } from '../persistent-subscriptions/errors.js';
import type { Group } from '../persistent-subscriptions/group.js';
import { accessDenied, invalidArgument } from '../rpc-error.js';
import { isOperator, nameOf, type Principal } from '../security/principal.js';
import {
  readConsumerMessage,
  readDeleteRequest,
  readGroupRequest,
  readInfoRequest,
  readListRequest,
  readReplayRequest,
  type ConsumerMessage,
} from '../wire/group-requests.js';
import { consumerConfirmation, groupInfo } from '../wire/group-responses.js';
import { unary, type Method, type NodeContext, type Service } from './node-services.js';

const NOTHING = Buffer.alloc(0);

const assertOperator = (principal: Principal): void => {
  if (!isOperator(principal)) throw accessDenied();
};

const assertKnown = (principal: Principal): void => {
  if (principal === 'anonymous') throw accessDenied();
};

/** `Read`: one consumer, from when it connects until it leaves. */
const consume = ({ groups, access, limits }: NodeContext): Method => {
  let consumers = 0;
  return (call, principal) =>
    new Promise<void>((resolve, reject) => {
      let joined: Readonly<{ group: Group; consumer: Consumer }> | undefined;

      const connect = ({ streamName, groupName, bufferSize, idForm }: Extract<ConsumerMessage, { kind: 'connect' }>) => {
        assertKnown(principal);
        access.assert(principal, 'read', streamName);
        const group = groups.get(streamName, groupName);
        const { maxSubscriberCount } = group.definition.settings;
        if (maxSubscriberCount > 0 && group.consumers.length >= maxSubscriberCount) throw maximumSubscribersReached(streamName, groupName);
        if (consumers >= limits.subscriptions) {
          throw new RpcError(status.RESOURCE_EXHAUSTED, `The server has at most ${limits.subscriptions} consumers at once`);
        }
        const consumer = new Consumer(call, {
          username: nameOf(principal),
          connectionName: call.metadata('connection-name') ?? '',
          bufferSize: Math.max(1, bufferSize),
          idForm,
          mayRead: (name) => access.allows(principal, 'read', name),
        });
        consumers++;
        joined = { group, consumer };
        call.out.send(consumerConfirmation(streamName, groupName));
        call.out.flush();
        group.connect(consumer);
      };

      const take = (message: Buffer) => {
        const said = readConsumerMessage(message);
        if (said.kind === 'connect') {
          if (joined) throw invalidArgument('A consumer connects once');
          connect(said);
        } else if (!joined) throw invalidArgument('A consumer first says what it consumes');
        else if (said.kind === 'ack') joined.group.acknowledge(joined.consumer, said.ids);
        else joined.group.refuse(joined.consumer, said.ids, said.action, said.reason);
      };

      call.onClose(() => {
        if (joined) {
          consumers--;
          joined.group.disconnect(joined.consumer);
        }
        resolve();
      });
      call.receive(take, () => call.end(), reject);
    });
};

/** `PersistentSubscriptions`: managed by administrators and operators, looked at by everyone who is known. */
export const persistentSubscriptionsService = (context: NodeContext): Service => {
  const { groups } = context;
  return {
    Create: unary(async (request, principal) => {
      assertOperator(principal);
      const { groupName, source, settings } = readGroupRequest(request);
      await groups.create(groupName, source, settings, nameOf(principal));
      return NOTHING;
    }),
    Update: unary(async (request, principal) => {
      assertOperator(principal);
      const { groupName, source, settings } = readGroupRequest(request);
      await groups.update(source.streamName, groupName, settings, nameOf(principal));
      return NOTHING;
    }),
    Delete: unary(async (request, principal) => {
      assertOperator(principal);
      const { streamName, groupName } = readDeleteRequest(request);
      await groups.delete(streamName, groupName, nameOf(principal));
      return NOTHING;
    }),
    GetInfo: unary((request, principal) => {
      assertKnown(principal);
      const { streamName, groupName } = readInfoRequest(request);
      return groupInfo(groups.get(streamName, groupName));
    }),
    List: unary((request, principal) => {
      assertKnown(principal);
      return Buffer.concat(groups.list(readListRequest(request)).map(groupInfo));
    }),
    ReplayParked: unary((request, principal) => {
      assertOperator(principal);
      const { streamName, groupName, stopAt } = readReplayRequest(request);
      const group = groups.get(streamName, groupName);
      if (stopAt !== undefined && stopAt < 0)
        throw groupFailed(streamName, groupName, 'Cannot stop replaying parked messages at a negative version.');
      group.replayParked(stopAt);
      return NOTHING;
    }),
    RestartSubsystem: unary(async (_, principal) => {
      assertOperator(principal);
      await groups.restart();
      return NOTHING;
    }),
    Read: consume(context),
  };
};
