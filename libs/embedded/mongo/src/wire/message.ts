import { findField, RawValue, validateDocument } from '../bson/raw.js';
import { crc32c } from './crc32c.js';

/**
 * The messages of the MongoDB wire protocol that this node reads and writes: OP_MSG, and OP_QUERY with its OP_REPLY, in which drivers still send their
 * first `hello` (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/).
 */

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const HEADER_BYTES = 16;
/** The longest message, in bytes; `hello` announces it. */
export const MAX_MESSAGE_BYTES = 48_000_000;
/** More documents than this in one command are refused, as `hello` announces it. */
export const MAX_WRITE_BATCH = 100_000;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Flags below this bit must be known to whoever reads them; those above may be ignored. */
const REQUIRED_FLAGS = 0xffff;

/** What arrives breaks the protocol: nothing that follows can be trusted, and the connection is closed. */
export class ProtocolError extends Error {}

/** One command as it arrived. */
export interface Request {
  requestId: number;
  /** OP_QUERY has a reply of another form, and may carry nothing but `hello`. */
  legacy: boolean;
  /** The database that OP_QUERY names; OP_MSG carries it in its body. */
  db?: string;
  body: RawValue;
  /** Lists of documents that travel beside the body, by the name of the field they stand for. */
  sequences: ReadonlyMap<string, RawValue[]>;
  /** The client wants no reply. */
  silent: boolean;
  /** The client secures its messages by checksums: the reply carries one too. */
  checksum: boolean;
}

/** Cuts what arrives on a connection into whole messages. Bytes are copied once, into the message they belong to. */
export class Framing {
  #header = Buffer.allocUnsafe(HEADER_BYTES);
  #headerBytes = 0;
  #message: Buffer | undefined;
  #filled = 0;

  /** Takes a piece; answers the messages it completed. @throws ProtocolError */
  push(piece: Buffer): Buffer[] {
    const messages: Buffer[] = [];
    let at = 0;
    while (at < piece.length) {
      if (!this.#message) {
        const taken = piece.copy(this.#header, this.#headerBytes, at, at + HEADER_BYTES - this.#headerBytes);
        this.#headerBytes += taken;
        at += taken;
        if (this.#headerBytes < HEADER_BYTES) break;
        const length = this.#header.readInt32LE(0);
        if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) throw new ProtocolError(`A message of ${length} bytes`);
        this.#message = Buffer.allocUnsafe(length);
        this.#filled = this.#header.copy(this.#message);
      }
      const taken = piece.copy(this.#message, this.#filled, at);
      this.#filled += taken;
      at += taken;
      if (this.#filled < this.#message.length) break;
      messages.push(this.#message);
      this.#message = undefined;
      this.#headerBytes = 0;
    }
    return messages;
  }
}

/**
 * Reads a whole message. Every document in it is checked to be well-formed.
 * @throws ProtocolError; CommandError InvalidBSON for a broken document: the message after it can be read all the same
 */
export const readRequest = (message: Buffer): Request => {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  switch (opCode) {
    case OP_MSG:
      return readMsg(message, requestId);
    case OP_QUERY:
      return readQuery(message, requestId);
    default:
      throw new ProtocolError(`The op code ${opCode}`);
  }
};

const document = (message: Buffer, at: number, end: number): RawValue => new RawValue(3, message, at, validateDocument(message, at, end));

const readMsg = (message: Buffer, requestId: number): Request => {
  if (message.length < HEADER_BYTES + 5) throw new ProtocolError('An OP_MSG without sections');
  const flags = message.readUInt32LE(HEADER_BYTES);
  const unknown = flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME);
  if (unknown !== 0) throw new ProtocolError(`The OP_MSG flags 0x${unknown.toString(16)}`);
  const checksum = (flags & CHECKSUM_PRESENT) !== 0;
  const end = message.length - (checksum ? 4 : 0);
  if (checksum && crc32c(message.subarray(0, end)) !== message.readUInt32LE(end))
    throw new ProtocolError('An OP_MSG checksum that does not match');

  let body: RawValue | undefined;
  const sequences = new Map<string, RawValue[]>();
  for (let at = HEADER_BYTES + 4; at < end;) {
    const kind = message[at++];
    if (kind === 0) {
      if (body) throw new ProtocolError('An OP_MSG with two bodies');
      body = document(message, at, end);
      at = body.end;
    } else if (kind === 1) {
      if (at + 4 > end) throw new ProtocolError('A document sequence past the end');
      const sequenceEnd = at + message.readInt32LE(at);
      const nameEnd = message.indexOf(0, at + 4);
      if (sequenceEnd > end || nameEnd < 0 || nameEnd >= sequenceEnd) throw new ProtocolError('The length of a document sequence');
      const name = message.toString('utf8', at + 4, nameEnd);
      if (sequences.has(name)) throw new ProtocolError(`Two document sequences ${name}`);
      const documents: RawValue[] = [];
      for (at = nameEnd + 1; at < sequenceEnd; at = (documents.at(-1) as RawValue).end) documents.push(document(message, at, sequenceEnd));
      sequences.set(name, documents);
    } else throw new ProtocolError(`An OP_MSG section of kind ${kind}`);
  }
  if (!body) throw new ProtocolError('An OP_MSG without a body');
  return { requestId, legacy: false, body, sequences, silent: (flags & MORE_TO_COME) !== 0, checksum };
};

const QUERY = Buffer.from('$query');

const readQuery = (message: Buffer, requestId: number): Request => {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  if (nameEnd < 0 || nameEnd + 9 > message.length) throw new ProtocolError('An OP_QUERY past the end');
  const namespace = message.toString('utf8', HEADER_BYTES + 4, nameEnd);
  if (!namespace.endsWith('.$cmd')) throw new ProtocolError('An OP_QUERY that is no command');
  const whole = document(message, nameEnd + 9, message.length);
  // Where it travels with a read preference, the command is wrapped.
  const body = findField(message, whole.start, QUERY) ?? whole;
  const db = namespace.slice(0, -'.$cmd'.length);
  return { requestId, legacy: true, db, body, sequences: new Map(), silent: false, checksum: false };
};

/** What can be known of a request whose documents are broken: enough to tell its sender. */
export const headOf = (message: Buffer): Request => {
  const legacy = message.readInt32LE(12) === OP_QUERY;
  const silent = !legacy && (message.readUInt32LE(HEADER_BYTES) & MORE_TO_COME) !== 0;
  const body = RawValue.document(Buffer.from([5, 0, 0, 0, 0]));
  return { requestId: message.readInt32LE(4), legacy, body, sequences: new Map(), silent, checksum: false };
};

const header = (length: number, requestId: number, responseTo: number, opCode: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeInt32LE(length, 0);
  bytes.writeInt32LE(requestId, 4);
  bytes.writeInt32LE(responseTo, 8);
  bytes.writeInt32LE(opCode, 12);
  return bytes;
};

/** A reply as the pieces to send, in order. */
export const writeReply = ({ requestId, legacy, checksum }: Request, replyId: number, reply: Buffer): Buffer[] => {
  if (legacy) {
    const head = header(36 + reply.length, replyId, requestId, OP_REPLY, 36);
    // AwaitCapable, as every server since 1.6 says; one document.
    head.writeInt32LE(8, 16);
    head.writeInt32LE(1, 32);
    return [head, reply];
  }
  const head = header(21 + reply.length + (checksum ? 4 : 0), replyId, requestId, OP_MSG, 21);
  if (!checksum) return [head, reply];
  head.writeUInt32LE(CHECKSUM_PRESENT, 16);
  const tail = Buffer.allocUnsafe(4);
  tail.writeUInt32LE(crc32c(head, reply));
  return [head, reply, tail];
};
