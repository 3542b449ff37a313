import { randomUUID } from 'node:crypto';
import { encoded } from '../wire/protobuf.js';
import { unary, type Service } from './node-services.js';

const LEADER = 8;
const TICKS_PER_MS = 10_000n;

/** `Gossip`: one member, the leader, at the address that clients reach it by. */
export const gossipService = (address: () => Readonly<{ host: string; port: number }>): Service => {
  const instanceId = encoded.message(1, encoded.text(2, randomUUID()));
  return {
    Read: unary(() => {
      const { host, port } = address();
      const now = Number(BigInt(Date.now()) * TICKS_PER_MS);
      const endPoint = encoded.message(5, encoded.text(1, host), encoded.number(2, port));
      return encoded.message(1, instanceId, encoded.number(2, now), encoded.number(3, LEADER), encoded.bool(4, true), endPoint);
    }),
  };
};
