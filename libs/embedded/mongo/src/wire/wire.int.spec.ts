import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serialize } from 'bson';
import { Command } from '../commands/command.js';
import { CommandError } from '../errors.js';
import { NodeFixture } from '../node.fixture.js';
import { crc32c } from './crc32c.js';
import { MAX_MESSAGE_BYTES, ProtocolError, readRequest } from './message.js';
import { messageOf, opMsg, WireClient } from './wire-client.fixture.js';

/** `FAULTLINE_FUZZ_MESSAGES=100000 npm test -- libs/embedded/mongo` sends as many as a release asks for; npm test itself fewer. */
const SENT = Number(process.env['FAULTLINE_FUZZ_MESSAGES'] ?? 20_000);

const fixture = new NodeFixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());

const connected = async <T>(work: (client: WireClient) => Promise<T>): Promise<T> => {
  const client = await WireClient.connect(fixture.port);
  try {
    return await work(client);
  } finally {
    client.close();
  }
};

const legacyQuery = (namespace: string, document: object): Buffer =>
  messageOf(
    2004,
    Buffer.concat([Buffer.alloc(4), Buffer.from(`${namespace}\0`), Buffer.from('00000000ffffffff', 'hex'), serialize(document)]),
    7,
  );

describe('an OP_MSG', () => {
  it('is answered to whoever asked', () =>
    connected(async (client) => {
      client.send(opMsg({ ping: 1, $db: 'admin' }));
      const message = (await client.message()) as Buffer;
      expect(message.readInt32LE(8)).toBe(1);
      expect(message.readInt32LE(12)).toBe(2013);
    }));

  it('may bring documents beside its body', () =>
    connected(async (client) => {
      const reply = await client.command({ insert: 'sequences' }, { sequences: { documents: [{ _id: 1 }, { _id: 2 }] } });
      expect(reply).toEqual({ n: 2, ok: 1 });
    }));

  it('may carry a checksum, and then its reply carries one too', () =>
    connected(async (client) => {
      client.send(opMsg({ ping: 1, $db: 'admin' }, { checksum: true }));
      const reply = (await client.message()) as Buffer;
      expect(reply.readUInt32LE(16) & 1).toBe(1);
      expect(reply.readUInt32LE(reply.length - 4)).toBe(crc32c(reply.subarray(0, -4)));
    }));

  it('with a wrong checksum ends the connection', () =>
    connected(async (client) => {
      const message = opMsg({ ping: 1, $db: 'admin' }, { checksum: true });
      message[message.length - 1] = (message[message.length - 1] as number) ^ 1;
      client.send(message);
      expect(await client.message()).toBeUndefined();
    }));

  it('that wants no reply gets none, and is carried out', () =>
    connected(async (client) => {
      client.send(opMsg({ insert: 'silent', documents: [{ _id: 1 }], $db: 'test' }, { flags: 2 }));
      expect(await client.command({ count: 'silent' })).toMatchObject({ n: 1 });
    }));

  it('is answered in its turn, however many are sent at once', () =>
    connected(async (client) => {
      client.send(Buffer.concat(Array.from({ length: 50 }, (_, n) => opMsg({ insert: 'many', documents: [{ _id: n }], $db: 'test' }))));
      for (let n = 0; n < 50; n++) expect(await client.reply()).toMatchObject({ n: 1 });
    }));

  it('may arrive byte by byte', () =>
    connected(async (client) => {
      const message = opMsg({ ping: 1, $db: 'admin' });
      for (const byte of message) {
        client.send(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await client.reply()).toEqual({ ok: 1 });
    }));

  it.each<[string, Buffer]>([
    ['a flag that must be understood', opMsg({ ping: 1, $db: 'admin' }, { flags: 4 })],
    ['no sections', messageOf(2013, Buffer.alloc(4))],
    ['a section of an unknown kind', messageOf(2013, Buffer.concat([Buffer.alloc(4), Buffer.from([9])]))],
    ['two bodies', messageOf(2013, Buffer.concat([Buffer.alloc(5), serialize({ ping: 1 }), Buffer.from([0]), serialize({ ping: 1 })]))],
    ['an op code of nothing', messageOf(4711, Buffer.alloc(20))],
    ['a length below that of a header', Buffer.from('0f000000010000000000000000000000', 'hex')],
    ['a length beyond the limit', Buffer.concat([Buffer.from(new Int32Array([MAX_MESSAGE_BYTES + 1]).buffer), Buffer.alloc(12)])],
  ])('with %s ends the connection', (_, message) =>
    connected(async (client) => {
      client.send(message);
      expect(await client.message()).toBeUndefined();
    }),
  );

  it('with a broken document is refused, and the connection goes on', () =>
    connected(async (client) => {
      const broken = opMsg({ ping: 1, text: 'x', $db: 'admin' });
      broken[broken.length - 20] = 0x77;
      client.send(broken);
      expect(await client.reply()).toMatchObject({ ok: 0, code: 22, codeName: 'InvalidBSON' });
      expect(await client.command({ ping: 1 })).toEqual({ ok: 1 });
    }));
});

describe('an OP_QUERY', () => {
  it.each(['isMaster', 'ismaster', 'hello'])('may still carry %s, in which drivers say that they know hello', (name) =>
    connected(async (client) => {
      client.send(legacyQuery('admin.$cmd', { [name]: 1, helloOk: true }));
      const message = (await client.message()) as Buffer;
      expect([message.readInt32LE(8), message.readInt32LE(12), message.readInt32LE(32)]).toEqual([7, 1, 1]);
      client.send(legacyQuery('admin.$cmd', { $query: { [name]: 1, helloOk: true } }));
      expect(await client.reply()).toMatchObject({
        helloOk: true,
        maxWireVersion: 21,
        [name === 'hello' ? 'isWritablePrimary' : 'ismaster']: true,
      });
    }),
  );

  it('carries no other command', () =>
    connected(async (client) => {
      client.send(legacyQuery('test.$cmd', { find: 'things' }));
      expect(await client.reply()).toMatchObject({ ok: 0, code: 352, codeName: 'UnsupportedOpQueryCommand' });
    }));
});

describe('messages that are broken anyhow', () => {
  /** Numbers that look random and are the same in every run. */
  const dice = (seed: number) => (sides: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * sides);
  };

  const SOUND: readonly Buffer[] = [
    opMsg({ insert: 'fuzz', documents: [{ a: 1, b: 'text', c: [1, { d: null }] }], $db: 'test' }),
    opMsg({ insert: 'fuzz', $db: 'test' }, { sequences: { documents: [{ a: 1 }, { b: 2.5 }] } }),
    opMsg({
      update: 'fuzz',
      updates: [{ q: { a: { $gt: 1 } }, u: { $set: { 'b.c': 1 }, $push: { d: { $each: [1], $slice: 3 } } }, upsert: true }],
      $db: 'test',
    }),
    opMsg({
      find: 'fuzz',
      filter: { a: { $in: [1, 2] }, $or: [{ b: 1 }, { c: { $elemMatch: { d: 1 } } }] },
      sort: { a: 1 },
      limit: 3,
      $db: 'test',
    }),
    opMsg({ aggregate: 'fuzz', pipeline: [{ $group: { _id: '$a', n: { $sum: 1 } } }, { $limit: 5 }], cursor: {}, $db: 'test' }),
    opMsg({ delete: 'fuzz', deletes: [{ q: { b: /x/i }, limit: 0 }], $db: 'test' }, { checksum: true }),
    opMsg({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: Buffer.from('n,,n=a,r=b'), $db: 'admin' }),
    opMsg({ getMore: 1, collection: 'fuzz', $db: 'test' }),
    legacyQuery('admin.$cmd', { hello: 1 }),
  ];

  const broken = (roll: (sides: number) => number): Buffer => {
    const message = Buffer.from(SOUND[roll(SOUND.length)] as Buffer);
    for (let n = roll(4); n >= 0; n--) {
      const at = 16 + roll(message.length - 16);
      if (roll(3) === 0)
        message.writeInt32LE([-1, 0, 1, 4, 0x7fffffff, message.length][roll(6)] as number, Math.min(at, message.length - 4));
      else message[at] = roll(256);
    }
    if (roll(10) > 0) return message;
    const cut = message.subarray(0, 16 + roll(message.length - 16));
    cut.writeInt32LE(cut.length);
    return cut;
  };

  it('are read as requests, or refused as broken, 100,000 of them', () => {
    const roll = dice(7);
    const refused = new Set<string>();
    for (let n = 0; n < 100_000; n++) {
      try {
        new Command(readRequest(broken(roll)));
      } catch (error) {
        if (!(error instanceof ProtocolError || error instanceof CommandError)) throw error;
        refused.add(error instanceof CommandError ? error.codeName : 'ProtocolError');
      }
    }
    expect([...refused].sort()).toEqual(['IDLFailedToParse', 'InvalidBSON', 'ProtocolError', 'TypeMismatch']);
  });

  it(
    `are answered, or end their connection, ${SENT} of them; and the node stays up`,
    async () => {
      const roll = dice(2024);
      let [sent, answered, closed] = [0, 0, 0];
      const attack = async () => {
        let client = await WireClient.connect(fixture.port);
        while (sent < SENT) {
          const messages = Array.from({ length: 20 }, () => broken(roll));
          sent += messages.length;
          // what the node may leave unanswered, because the message says that it wants no reply, a ping makes known
          client.send(Buffer.concat([...messages, opMsg({ ping: 1, $db: 'admin' }, { checksum: false })]));
          for (let last = false; !last;) {
            const reply = await client.message();
            if (!reply) {
              closed++;
              client = await WireClient.connect(fixture.port);
              last = true;
            } else if (reply.length === 38) last = true;
            else answered++;
          }
        }
        client.close();
      };
      await Promise.all(Array.from({ length: 8 }, attack));
      expect(answered).toBeGreaterThan(SENT / 10);
      expect(closed).toBeGreaterThan(SENT / 100);
      await connected(async (client) => expect(await client.command({ ping: 1 })).toEqual({ ok: 1 }));
    },
    120_000 + SENT,
  );
});
