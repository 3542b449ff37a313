import { createHash, scryptSync, timingSafeEqual } from 'node:crypto';
import { status, type Metadata } from '@grpc/grpc-js';
import { accessDenied, RpcError } from '../errors.js';

export type Credentials = Readonly<{ username: string; password: string }>;

/** Who may do what. Every call asks first. */
export type Access = Readonly<{
  /** @throws RpcError UNAUTHENTICATED for wrong credentials, access-denied for none where some are needed */
  authorize(metadata: Metadata): void;
}>;

/** An insecure node: whatever credentials are given, everything is allowed. */
export const everythingAllowed: Access = { authorize: () => undefined };

const fingerprint = (text: string) => createHash('sha256').update(text).digest();

/**
 * One user, the administrator, who may do everything; nobody else may do anything. The password is kept as a scrypt hash only, and a
 * header that was right once is recognised by its fingerprint, so that hashing is paid once and not a call.
 */
export const administratorOnly = ({ username, password }: Credentials): Access => {
  const salt = fingerprint(`embedded-event-store ${username}`);
  const hash = (candidate: string) => scryptSync(candidate, salt, 32);
  const right = hash(password);
  let known: Buffer | undefined;

  const isRight = (header: string): boolean => {
    const [user, ...rest] = Buffer.from(header.replace(/^basic /i, ''), 'base64')
      .toString()
      .split(':');
    return timingSafeEqual(fingerprint(user ?? ''), fingerprint(username)) && timingSafeEqual(hash(rest.join(':')), right);
  };

  return {
    authorize: (metadata) => {
      const [header] = metadata.get('authorization');
      if (header === undefined) throw accessDenied();
      const print = fingerprint(header.toString());
      if (known && timingSafeEqual(print, known)) return;
      if (!isRight(header.toString())) throw new RpcError(status.UNAUTHENTICATED, 'Wrong username or password');
      known = print;
    },
  };
};
