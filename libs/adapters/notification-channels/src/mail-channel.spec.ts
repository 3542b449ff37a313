import { createServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import type { SMTPServerOptions } from 'smtp-server';
import { mailChannel, type MailSettings } from './mail-channel.js';
import { startMailServer, type MailServer } from './mail-server.fixture.js';
import { failureOf, notice } from './notice.fixture.js';

const PASSWORD = 'pa:ss/w@rd %41';
const CREDENTIALS = `faultline:${encodeURIComponent(PASSWORD)}@`;
const from = { name: 'Service Desk', address: 'desk@example.org' };

/** A certificate of this machine that nobody knows. */
let tls: { cert: string; key: string };
beforeAll(async () => {
  const subjectAltName = { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] };
  const made = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', extensions: [subjectAltName] } as never);
  tls = { cert: made.cert, key: made.private };
});

const started: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ stop }) => stop()));
});

const serverWith = async (options: SMTPServerOptions = {}): Promise<MailServer> => {
  const server = await startMailServer(options);
  started.push(server);
  return server;
};

const channelTo = ({ port }: { port: number }, more: Partial<MailSettings> = {}, scheme = 'smtp', credentials = '') =>
  mailChannel({ uri: `${scheme}://${credentials}127.0.0.1:${port}`, from, timeLimitMs: 5_000, ...more });

/** An error with a reply code of SMTP, as smtp-server sends it. */
const reply = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

const headersOf = (raw: string): Record<string, string> =>
  Object.fromEntries(
    (raw.split('\r\n\r\n')[0] as string)
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );

describe('a notice by mail', () => {
  it('arrives, says what it is, and is one of its incident’s thread', async () => {
    const server = await serverWith();
    const receipt = await channelTo(server).send(notice);
    expect(receipt).toEqual({ reference: `<${notice.noticeId}@example.org>`, answer: '250 OK: kept' });
    const [mail] = server.received;
    expect(mail).toMatchObject({ from: 'desk@example.org', to: ['lena@example.org'] });
    expect(headersOf(mail?.raw ?? '')).toMatchObject({
      from: 'Service Desk <desk@example.org>',
      to: 'lena@example.org',
      subject: 'Does it work again? INC0000123',
      'message-id': `<${notice.noticeId}@example.org>`,
      'in-reply-to': '<INC0000123.incident@example.org>',
      references: '<INC0000123.incident@example.org>',
      'auto-submitted': 'auto-generated',
    });
    expect(headersOf(mail?.raw ?? '')).not.toHaveProperty('x-mailer');
    expect(mail?.raw).toContain('We have resolved your incident.');
  });

  it('is seen to be the same where it is sent twice', async () => {
    const server = await serverWith();
    const channel = channelTo(server);
    await channel.send(notice);
    await channel.send(notice);
    const ids = server.received.map(({ raw }) => headersOf(raw)['message-id']);
    expect(ids).toEqual(Array(2).fill(`<${notice.noticeId}@example.org>`));
  });

  it('has an HTML part beside its text, and no thread where it is about several incidents', async () => {
    const server = await serverWith();
    await channelTo(server).send({ ...notice, incidentId: null, html: '<p>resolved</p>' });
    const [raw] = server.received.map((mail) => mail.raw);
    expect(headersOf(raw ?? '')['content-type']).toMatch(/^multipart\/alternative/);
    expect(headersOf(raw ?? '')).not.toHaveProperty('references');
  });

  it('signs in over TLS: by STARTTLS, and from the start', async () => {
    const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _, done) =>
      done(password === PASSWORD ? null : new Error('no'), { user: username });
    const starting = await serverWith({ ...tls, onAuth, disabledCommands: [], authOptional: false });
    await channelTo(starting, { ca: tls.cert, startTls: 'required' }, 'smtp', CREDENTIALS).send(notice);
    const implicit = await serverWith({ ...tls, onAuth, secure: true, authOptional: false });
    await channelTo(implicit, { ca: tls.cert }, 'smtps', CREDENTIALS).send(notice);
    expect([...starting.received, ...implicit.received]).toEqual(
      Array(2).fill(expect.objectContaining({ secure: true, user: 'faultline' })),
    );
  });
});

describe('what somebody wrote', () => {
  it('adds no header, whatever the subject', async () => {
    const server = await serverWith();
    await channelTo(server).send({ ...notice, subject: 'Hello\r\nBcc: mallory@example.com\r\n\r\nBuy \u0000this\u2028now' });
    const [mail] = server.received;
    expect(mail?.to).toEqual(['lena@example.org']);
    expect(headersOf(mail?.raw ?? '')).toMatchObject({ subject: 'Hello Bcc: mallory@example.com Buy this now' });
    expect(headersOf(mail?.raw ?? '')).not.toHaveProperty('bcc');
  });

  it.each([
    'lena@example.org, mallory@example.com',
    'lena@example.org\r\nRCPT TO:<mallory@example.com>',
    'Lena <lena@example.org>',
    '"lena@evil"@example.org',
    'lena@example.org>',
    'lena@',
    'lena',
    '',
    '@example.org',
    'lena..peeters@example.org',
    `${'x'.repeat(65)}@example.org`,
    `lena@${'x'.repeat(250)}.org`,
  ])('is no address: %j', async (to) => {
    const server = await serverWith();
    expect(await failureOf(channelTo(server), { to })).toMatchObject({ fault: 'address-invalid', canRetry: false });
    expect(server.received).toEqual([]);
  });

  it('may be an address of any language', async () => {
    const server = await serverWith();
    await channelTo(server).send({ ...notice, to: 'lena@müller.example' });
    expect(server.received[0]?.to).toEqual(['lena@müller.example']);
  });

  it('is content, never a file to be read', async () => {
    const server = await serverWith();
    await channelTo(server)
      .send({ ...notice, text: { path: import.meta.filename } as never })
      .catch(() => undefined);
    expect(server.received.filter(({ raw }) => raw.includes('describe('))).toEqual([]);
  });
});

describe('where it fails', () => {
  it.each<[string, SMTPServerOptions, object]>([
    ['the mailbox is not there', { onRcptTo: (_, __, done) => done(reply(550, 'No such user')) }, { fault: 'refused', canRetry: false }],
    ['the mailbox is full for now', { onRcptTo: (_, __, done) => done(reply(452, 'Later')) }, { fault: 'busy', canRetry: true }],
    ['we may not send', { onMailFrom: (_, __, done) => done(reply(550, 'Not from you')) }, { fault: 'refused', canRetry: true }],
    ['we ought to sign in', { authOptional: false }, { fault: 'refused', canRetry: true }],
    ['we ought to have signed in', { onRcptTo: (_, __, done) => done(reply(530, 'Who are you?')) }, { fault: 'refused', canRetry: true }],
    [
      'the message is not wanted',
      { onData: (stream, _, done) => void stream.resume().on('end', () => done(reply(554, 'Spam'))) },
      { fault: 'refused', canRetry: false },
    ],
    [
      'the server is busy',
      { onData: (stream, _, done) => void stream.resume().on('end', () => done(reply(451, 'Greylisted'))) },
      { fault: 'busy', canRetry: true },
    ],
  ])('because %s, it says whether to try again', async (_, options, expected) => {
    expect(await failureOf(channelTo(await serverWith(options)))).toMatchObject(expected);
  });

  it('tells what the server said', async () => {
    const server = await serverWith({ onRcptTo: (_, __, done) => done(reply(550, 'No such user here')) });
    const { message } = await failureOf(channelTo(server));
    expect(message).toBe(`The mail server at 127.0.0.1:${server.port} does not take it (RCPT TO): 550 No such user here`);
  });

  it('does not go on without TLS where it has to have it', async () => {
    const plain = await serverWith();
    expect(await failureOf(channelTo(plain, { startTls: 'required' }))).toMatchObject({ fault: 'insecure', canRetry: true });
    expect(plain.received).toEqual([]);
  });

  it('trusts no certificate of an authority that it does not know', async () => {
    const starting = await serverWith({ ...tls, disabledCommands: [] });
    const implicit = await serverWith({ ...tls, secure: true });
    expect(await failureOf(channelTo(starting))).toMatchObject({ fault: 'insecure', canRetry: true });
    expect(await failureOf(channelTo(implicit, {}, 'smtps'))).toMatchObject({ fault: 'insecure', canRetry: true });
    expect([...starting.received, ...implicit.received]).toEqual([]);
  });

  it('tries again where nobody listens', async () => {
    const server = await startMailServer();
    await server.stop();
    expect(await failureOf(channelTo(server))).toMatchObject({ fault: 'unreachable', canRetry: true });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    [
      'never comes to an end',
      (socket) => {
        const talking = setInterval(() => socket.write('250-and\r\n'), 20);
        socket.on('close', () => clearInterval(talking));
        socket.write('220 Hello\r\n');
      },
    ],
  ])('because the server %s, it waits no longer than its time, and hangs up', async (_, behave) => {
    const server = createServer((socket) => behave(socket.on('error', () => undefined)));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    // it can stop only once the connection is closed: `afterEach` waits for that
    started.push({ stop: () => new Promise((stopped) => server.close(() => stopped())) });
    const channel = channelTo(server.address() as AddressInfo, { timeLimitMs: 200 });
    expect(await failureOf(channel)).toMatchObject({ fault: 'timed-out', canRetry: true });
  });
});

describe('the password', () => {
  const forms = (password: string) => [
    password,
    encodeURIComponent(password),
    Buffer.from(password).toString('base64'),
    `\u0000${password}`,
  ];

  it('is in no failure, even where the server sends it back', async () => {
    const blabbing = await serverWith({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ password }, _, done) => done(reply(535, `Not ${String(password)}`)),
    });
    const careless = await serverWith({
      allowInsecureAuth: true,
      onAuth: ({ username }, _, done) => done(null, { user: username }),
      onRcptTo: (_, __, done) => done(reply(550, `${PASSWORD} is not welcome, nor ${Buffer.from(PASSWORD).toString('base64')}`)),
    });
    const refused = await failureOf(channelTo(blabbing, {}, 'smtp', CREDENTIALS));
    expect(refused).toMatchObject({ fault: 'credentials-refused', canRetry: true });
    const unwelcome = await failureOf(channelTo(careless, {}, 'smtp', CREDENTIALS));
    expect(unwelcome.message).toContain('550 *** is not welcome, nor ***');
    const told = [refused, unwelcome].map((failure) => inspect(failure, { depth: null, showHidden: true })).join();
    for (const form of forms(PASSWORD)) expect(told).not.toContain(form);
  });

  it.each([
    'http://faultline:s3cret@127.0.0.1',
    'smtp://faultline:s3cret@',
    'smtp://faultline:s3cret@127.0.0.1:port',
    'smtp://faultline:s3cret%@127.0.0.1',
    'smtp://faultline:s3cret@127.0.0.1/path',
    'smtp://faultline:s3cret@127.0.0.1?tls=no',
    'smtp://:s3cret@127.0.0.1',
    's3cret',
  ])('is not in what is said of %s', (uri) => {
    expect(() => mailChannel({ uri, from })).toThrow(/^The URI of the mail server must look like(?!.*s3cret)/);
  });

  it('goes to no other machine without TLS', () => {
    const uri = `smtp://${CREDENTIALS}mail.example.org`;
    expect(() => mailChannel({ uri, from, startTls: 'if-offered' })).toThrow('must be reached over TLS');
    expect(() => mailChannel({ uri, from })).not.toThrow();
  });
});

it('the sender is one mail address', () => {
  expect(() => mailChannel({ uri: 'smtp://127.0.0.1', from: { name: 'x', address: 'x' } })).toThrow('one mail address');
});
