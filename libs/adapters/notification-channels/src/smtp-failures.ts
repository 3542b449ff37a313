import type { NodemailerError } from 'nodemailer';
import { DeliveryFailed } from './channel.js';
import { quoted } from './quoting.js';
import type { SmtpServer } from './smtp-uri.js';
import { isTlsFailure } from './tls-failures.js';

/** A password, and a user with it, in the forms in which they travel: a server could send them back. */
const secretsOf = ({ auth }: SmtpServer): string[] => {
  if (!auth) return [];
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return [base64(`\u0000${auth.user}\u0000${auth.pass}`), base64(auth.pass), encodeURIComponent(auth.pass), auth.pass];
};

/**
 * Whether the server has judged this message, and for good (RFC 5321, 4.2.1: 5yz). What it says of the sender, or that we have to sign in (530),
 * is about our settings, which somebody can mend.
 */
const isForGood = ({ code, command, permanent, responseCode }: NodemailerError): boolean =>
  (code === 'EENVELOPE' || code === 'EMESSAGE') && permanent !== false && command !== 'MAIL FROM' && responseCode !== 530;

/** What a failure of nodemailer means to whoever wants to send. */
export const smtpFailure = (server: SmtpServer, error: NodemailerError): DeliveryFailed => {
  const { code, originalCode, command, response, responseCode, message } = error;
  const name = `The mail server at ${server.host}:${server.port}`;
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    return new DeliveryFailed('credentials-refused', `${name} refuses our credentials${responseCode ? ` (${responseCode})` : ''}`, true);
  }
  if (code === 'ETIMEDOUT' || code === 'EABORT') return new DeliveryFailed('timed-out', `${name} took too long`, true);
  const words = quoted(response ?? message, secretsOf(server));
  if (code === 'ETLS' || isTlsFailure(originalCode)) {
    return new DeliveryFailed('insecure', `${name} offers no connection that is safe: ${words}`, true);
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    const fault = error.permanent === false ? 'busy' : 'refused';
    return new DeliveryFailed(fault, `${name} does not take it (${command ?? 'SMTP'}): ${words}`, !isForGood(error));
  }
  return new DeliveryFailed('unreachable', `${name} cannot be reached: ${words}`, true);
};
