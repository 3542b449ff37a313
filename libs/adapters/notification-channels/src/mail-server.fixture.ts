import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export type ReceivedMail = Readonly<{ from: string; to: readonly string[]; secure: boolean; user?: string; raw: string }>;

export type MailServer = Readonly<{ port: number; received: readonly ReceivedMail[]; stop: () => Promise<void> }>;

/** A real SMTP server on loopback that keeps what it gets. */
export const startMailServer = async (options: SMTPServerOptions = {}): Promise<MailServer> => {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, { envelope, secure, user }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const [from, to] = [envelope.mailFrom ? envelope.mailFrom.address : '', envelope.rcptTo.map(({ address }) => address)];
        received.push({ from, to, secure, ...(user !== undefined && { user: String(user) }), raw: Buffer.concat(chunks).toString() });
        done(null, 'OK: kept');
      });
    },
    ...options,
  });
  // a client that hangs up, or does not trust us, is part of the test
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    stop: () => new Promise((stopped) => server.close(() => stopped())),
  };
};
