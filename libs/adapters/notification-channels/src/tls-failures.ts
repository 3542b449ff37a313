/** Node's codes of certificates that do not hold (https://nodejs.org/api/tls.html#x509-certificate-error-codes), and of TLS itself. */
const CODES = /CERT|SIGNATURE|HOSTNAME|^INVALID_|^ERR_(TLS|SSL)_/;

/** Whether a connection failed because it would not have been a safe one. */
export const isTlsFailure = (code: unknown): boolean => typeof code === 'string' && CODES.test(code);
