import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its private key, PEM. */
export type Certificate = Readonly<{ cert: string; key: string }>;

const VALID_DAYS = 3_650;
/** Kinds of subject alternative names, RFC 5280 section 4.2.1.6. */
const [DNS_NAME, IP_ADDRESS] = [2, 7] as const;

/**
 * The node's certificate: made at the first start for this machine's loopback names, kept in the folder, the key readable by its owner only.
 * It is its own authority: clients are given `certificate.pem` to trust.
 */
export const certificateIn = async (folder: string): Promise<Certificate & { caFile: string }> => {
  const [certFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'certificate.key')];
  if (!existsSync(certFile) || !existsSync(keyFile)) {
    // a large library, for the first start alone
    const { generate } = await import('selfsigned');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const notAfterDate = new Date(Date.now() + VALID_DAYS * 86_400_000);
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'embedded-event-store' }], {
      notAfterDate,
      algorithm: 'sha256',
      keyType: 'ec',
      curve: 'P-256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: DNS_NAME, value: 'localhost' },
            { type: IP_ADDRESS, ip: '127.0.0.1' },
            { type: IP_ADDRESS, ip: '::1' },
          ],
        },
      ],
    } as never);
    writeFileSync(keyFile, key, { mode: 0o600 });
    writeFileSync(certFile, cert, { mode: 0o644 });
  }
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), caFile: certFile };
};
