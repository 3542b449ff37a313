import type { handleUnaryCall } from '@grpc/grpc-js';
import type gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import type featuresPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { randomUUID } from 'node:crypto';
import { features, gossip, shared } from '../wire/messages.js';

/** Whose behaviour this node has: clients choose their ways by it. */
export const SERVER_VERSION = '23.10.6';

const instanceId = randomUUID();

/** `Gossip.Read`: one member, the leader, at the address that clients reached it by. */
export const gossipOf =
  (address: () => Readonly<{ host: string; port: number }>): handleUnaryCall<unknown, gossipPb.ClusterInfo> =>
  (_, respond) => {
    const { host, port } = address();
    const endPoint = new gossip.EndPoint();
    endPoint.setAddress(host);
    endPoint.setPort(port);
    const id = new shared.UUID();
    id.setString(instanceId);
    const member = new gossip.MemberInfo();
    member.setInstanceId(id);
    member.setTimeStamp(String(BigInt(Date.now()) * 10_000n));
    member.setState(gossip.MemberInfo.VNodeState.LEADER);
    member.setIsAlive(true);
    member.setHttpEndPoint(endPoint);
    const cluster = new gossip.ClusterInfo();
    cluster.setMembersList([member]);
    respond(null, cluster);
  };

const METHODS: readonly (readonly [service: string, method: string, features: readonly string[]])[] = [
  ['event_store.client.streams.streams', 'append', []],
  ['event_store.client.streams.streams', 'batchappend', ['deadline_duration']],
  ['event_store.client.streams.streams', 'delete', []],
  ['event_store.client.streams.streams', 'read', ['position', 'events']],
  ['event_store.client.streams.streams', 'tombstone', []],
  ['event_store.client.gossip.gossip', 'read', []],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods', []],
];

/** `ServerFeatures.GetSupportedMethods`: what is served here, and nothing else. */
export const supportedMethods: handleUnaryCall<unknown, featuresPb.SupportedMethods> = (_, respond) => {
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion(SERVER_VERSION);
  supported.setMethodsList(
    METHODS.map(([service, name, supports]) => {
      const method = new features.SupportedMethod();
      method.setServiceName(service);
      method.setMethodName(name);
      method.setFeaturesList([...supports]);
      return method;
    }),
  );
  respond(null, supported);
};
