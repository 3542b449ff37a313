import { rootCertificates } from 'node:tls';
import { createTransport, type NodemailerError, type SendMailOptions } from 'nodemailer';
import { DeliveryFailed, SEND_LIMIT_MS, type Channel, type OutgoingNotice } from './channel.js';
import { domainOf, isMailAddress } from './mail-address.js';
import { oneLine, quoted } from './quoting.js';
import { smtpFailure } from './smtp-failures.js';
import { readSmtpUri, type SmtpServer } from './smtp-uri.js';

export type MailSettings = Readonly<{
  /** `smtp://USER:PASSWORD@HOST:PORT`, `smtps://…`. Holds a password: never shown. */
  uri: string;
  from: Readonly<{ name: string; address: string }>;
  /** Of `smtp:`: whether to go on without TLS where the server has none. `required`, save on this machine. */
  startTls?: 'required' | 'if-offered';
  /** Certificates to trust beside the system's: PEM. */
  ca?: string;
  timeLimitMs?: number;
}>;

/**
 * The message of a notice. Its Message-ID is the notice's own, so that one that arrives twice is seen to be one; messages of one incident refer to
 * the same (never sent) first message, so that they are shown as one thread. Nobody's absence is to answer it (RFC 3834).
 */
const messageOf = (notice: OutgoingNotice, from: MailSettings['from']): SendMailOptions => {
  const domain = domainOf(from.address);
  const thread = notice.incidentId === null ? undefined : `<${notice.incidentId}.incident@${domain}>`;
  return {
    from: { name: oneLine(from.name), address: from.address },
    to: { name: '', address: notice.to },
    envelope: { from: from.address, to: [notice.to] },
    messageId: `<${notice.noticeId}@${domain}>`,
    ...(thread !== undefined && { inReplyTo: thread, references: [thread] }),
    subject: oneLine(notice.subject),
    text: notice.text,
    ...(notice.html !== undefined && { html: notice.html }),
    headers: { 'Auto-Submitted': 'auto-generated' },
    xMailer: false,
    // what somebody wrote is content, never a path or a URL to fetch it from
    disableFileAccess: true,
    disableUrlAccess: true,
  };
};

const transportTo = (server: SmtpServer, { startTls, ca }: MailSettings, timeLimitMs: number) => {
  const { host, port, implicitTls, auth } = server;
  const mustEncrypt = (startTls ?? (server.isLoopback ? 'if-offered' : 'required')) === 'required';
  if (auth && !implicitTls && !mustEncrypt && !server.isLoopback) {
    throw new Error('A mail server that we sign in to must be reached over TLS: startTls must be required');
  }
  return createTransport({
    host,
    port,
    secure: implicitTls,
    requireTLS: !implicitTls && mustEncrypt,
    ...(auth && { auth }),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca !== undefined && { ca: [...rootCertificates, ca] }) },
    connectionTimeout: timeLimitMs,
    greetingTimeout: timeLimitMs,
    socketTimeout: timeLimitMs,
    dnsTimeout: timeLimitMs,
    logger: false,
  });
};

/**
 * Sends notices by SMTP, each over a connection of its own.
 * @throws Error for settings that cannot be; it tells no password
 */
export const mailChannel = (settings: MailSettings): Channel => {
  const { uri, from, timeLimitMs = SEND_LIMIT_MS } = settings;
  if (!isMailAddress(from.address)) throw new Error(`The sender of mail must be one mail address, and ${oneLine(from.address)} is none`);
  const server = readSmtpUri(uri);
  const transport = transportTo(server, settings, timeLimitMs);

  return {
    send: async (notice) => {
      if (!isMailAddress(notice.to)) throw new DeliveryFailed('address-invalid', `${quoted(notice.to)} is not one mail address`, false);
      try {
        const message = { ...messageOf(notice, from), signal: AbortSignal.timeout(timeLimitMs) };
        const { messageId, response } = await transport.sendMail(message);
        return { reference: messageId, answer: quoted(response) };
      } catch (error) {
        throw smtpFailure(server, error as NodemailerError);
      }
    },
  };
};
