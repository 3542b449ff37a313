import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * SCRAM-SHA-256, the server's side (RFC 5802 and RFC 7677), as MongoDB uses it: no channel binding, a user name as it is.
 */

/** As many as MongoDB takes by default. */
const ITERATIONS = 15_000;

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hash = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** What a server keeps of a password: enough to check a proof, not enough to make one. */
export interface ScramKeys {
  salt: Buffer;
  storedKey: Buffer;
  serverKey: Buffer;
}

/**
 * The password as SASLprep (RFC 4013) writes it: spaces of all kinds become one kind, invisible characters vanish, compatibility forms are
 * normalised. The client, which does the same, refuses what is prohibited.
 */
const saslprep = (password: string): string =>
  password
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/g, '')
    .normalize('NFKC');

export const scramKeys = (password: string, salt: Buffer = randomBytes(28)): ScramKeys => {
  const salted = pbkdf2Sync(saslprep(password), salt, ITERATIONS, 32, 'sha256');
  return { salt, storedKey: hash(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') };
};

/** The client's messages are not what the protocol says, or its proof is wrong: which, nobody is told. */
export class ScramFailure extends Error {}

const attributes = (message: string): Map<string, string> =>
  new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(part.indexOf('=') + 1)]));

/** One conversation: what the client said first, and what it was answered. */
export interface ScramConversation {
  username: string;
  nonce: string;
  /** Client's first message without its header, and the server's first: parts of what both sign. */
  signed: string;
  serverFirst: string;
}

/** The name a client-first message asks for. @throws ScramFailure */
const readFirst = (message: string): { username: string; bare: string; nonce: string } => {
  const bare = /^[ny],,(?<bare>n=[^,]+,r=[\x21-\x2b\x2d-\x7e]+)$/.exec(message)?.groups?.['bare'];
  if (bare === undefined) throw new ScramFailure('The first message');
  const fields = attributes(bare);
  const username = (fields.get('n') as string).replaceAll('=2C', ',').replaceAll('=3D', '=');
  return { username, bare, nonce: fields.get('r') as string };
};

/**
 * Answers the client's first message. `saltOf` gives the salt of a user, and a made-up one of a name nobody has.
 * @throws ScramFailure
 */
export const beginScram = (clientFirst: Buffer, saltOf: (username: string) => Buffer): ScramConversation => {
  const { username, bare, nonce: clientNonce } = readFirst(clientFirst.toString());
  const nonce = clientNonce + randomBytes(24).toString('base64');
  const serverFirst = `r=${nonce},s=${saltOf(username).toString('base64')},i=${ITERATIONS}`;
  return { username, nonce, signed: bare, serverFirst };
};

/**
 * Checks the client's proof; answers the server's own, by which the client knows it.
 * @throws ScramFailure
 */
export const finishScram = (conversation: ScramConversation, clientFinal: Buffer, keys: ScramKeys | undefined): string => {
  const message = clientFinal.toString();
  const fields = attributes(message);
  const proof = Buffer.from(fields.get('p') ?? '', 'base64');
  // "biws" is the header "n,," in Base64, "eSws" is "y,,": the binding to no channel
  if (!['biws', 'eSws'].includes(fields.get('c') ?? '') || fields.get('r') !== conversation.nonce || proof.length !== 32)
    throw new ScramFailure('The final message');
  if (!keys) throw new ScramFailure('The user');
  const withoutProof = message.slice(0, message.lastIndexOf(',p='));
  const authMessage = `${conversation.signed},${conversation.serverFirst},${withoutProof}`;
  const signature = hmac(keys.storedKey, authMessage);
  const clientKey = Buffer.from(signature.map((byte, at) => byte ^ (proof[at] as number)));
  if (!timingSafeEqual(hash(clientKey), keys.storedKey)) throw new ScramFailure('The proof');
  return `v=${hmac(keys.serverKey, authMessage).toString('base64')}`;
};
