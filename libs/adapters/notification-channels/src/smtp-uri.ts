import { isLoopback } from '#kernel';

/** Where a mail server listens, and who we are there. */
export type SmtpServer = Readonly<{
  host: string;
  port: number;
  /** TLS from the first byte on (smtps); else it begins with STARTTLS. */
  implicitTls: boolean;
  auth?: Readonly<{ user: string; pass: string }>;
  isLoopback: boolean;
}>;

const EXPECTED =
  'The URI of the mail server must look like smtp://USER:PASSWORD@HOST:PORT or smtps://HOST, with what is special percent-encoded';

/** RFC 8314: submission with STARTTLS, and with TLS from the start. */
const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** @throws Error for any other URI; it does not repeat it, password and all */
export const readSmtpUri = (uri: string): SmtpServer => {
  const parsed = URL.canParse(uri) ? new URL(uri) : undefined;
  const usualPort = parsed && PORTS[parsed.protocol];
  const [user, pass] = [decoded(parsed?.username ?? ''), decoded(parsed?.password ?? '')];
  const isPlain = ['', '/'].includes(`${parsed?.pathname}${parsed?.search}${parsed?.hash}`);
  if (!parsed?.hostname || !usualPort || !isPlain || user === undefined || pass === undefined || (user === '') !== (pass === '')) {
    throw new Error(EXPECTED);
  }
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? usualPort : Number(parsed.port),
    implicitTls: parsed.protocol === 'smtps:',
    ...(user !== '' && { auth: { user, pass } }),
    isLoopback: isLoopback(parsed.hostname),
  };
};
