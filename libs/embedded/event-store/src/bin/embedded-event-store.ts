#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { backup, restore, startEventStoreNode, verify, type EventStoreNodeOptions } from '../index.js';
import { accountsIn } from './accounts.js';

const USAGE = `An event store that speaks the EventStoreDB protocol.

  embedded-event-store --data DIR [--port N] [--host H] [--cert FILE --key FILE]
  embedded-event-store --memory   [--port N] ...      nothing is kept
  embedded-event-store --insecure ...                 no TLS, no credentials, everything allowed; on loopback only

  embedded-event-store verify DIR                     checks every record, and the index; a node may be running on it
  embedded-event-store backup DIR TO                  copies what is acknowledged now; a node may be running on it
  embedded-event-store restore BACKUP DIR             puts a backup in place of a folder without events

  --port N     2113 by default; 0 takes any free one
  --host H     127.0.0.1 by default
  --cert FILE --key FILE   in PEM; else one is made, for localhost and the loopback addresses
  --append-bytes N   the most data that one append carries, 1048576 by default

  The passwords of the users admin and ops are what EMBEDDED_EVENT_STORE_ADMIN_PASSWORD and EMBEDDED_EVENT_STORE_OPS_PASSWORD say, else
  what DIR/users.json has hashes of, else made at the first start and left in DIR/initial-passwords.txt.`;

/** Bad use: says what would be right, and ends with 2. */
class BadUse extends Error {}

const wholeNumber = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new BadUse(`--${name} takes a whole number, not ${text}`);
  return Number(text);
};

const readPem = (name: string, path: string): string => {
  if (!existsSync(path)) throw new BadUse(`--${name}: there is no file ${path}`);
  return readFileSync(path, 'utf8');
};

const report = (what: object): void => console.log(JSON.stringify(what));

const serve = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      memory: { type: 'boolean', default: false },
      port: { type: 'string', default: '2113' },
      host: { type: 'string' },
      insecure: { type: 'boolean', default: false },
      cert: { type: 'string' },
      key: { type: 'string' },
      'append-bytes': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const { data, memory, host, insecure, cert, key } = values;
  if ((data === undefined) === !memory) throw new BadUse('Say where the events are kept: --data DIR, or --memory for nowhere');
  if ((cert === undefined) !== (key === undefined)) throw new BadUse('--cert and --key go together');
  const certificate = cert !== undefined && key !== undefined ? { cert: readPem('cert', cert), key: readPem('key', key) } : undefined;
  const appendBytes = wholeNumber('append-bytes', values['append-bytes']);
  const port = wholeNumber('port', values.port) as number;
  const security: EventStoreNodeOptions['security'] = insecure
    ? 'insecure'
    : { ...(await accountsIn(data)), ...(certificate && { certificate }) };
  const node = await startEventStoreNode({
    ...(data !== undefined && { dataDir: data }),
    ...(host !== undefined && { host }),
    port,
    security,
    ...(appendBytes !== undefined && { limits: { appendBytes } }),
    onFault: (error) => console.error(`embedded-event-store: ${error.message}`),
  });
  console.log(`embedded-event-store listens: ${node.connectionString}`);
  if (node.caFile !== undefined) console.log(`clients trust it by: tlsCAFile=${node.caFile}`);
  const stop = () => void node.stop().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
};

const two = (args: readonly string[], names: string): [string, string] => {
  const [first, second] = args;
  if (args.length !== 2 || first === undefined || second === undefined) throw new BadUse(`It takes ${names}`);
  return [first, second];
};

const run = async ([command = '', ...args]: readonly string[]): Promise<void> => {
  if (command === 'verify') {
    if (args.length !== 1) throw new BadUse('It takes the folder: verify DIR');
    return report(await verify(args[0] as string));
  }
  if (command === 'backup') return report(await backup(...two(args, 'both folders: backup DIR TO')));
  if (command === 'restore') return report(await restore(...two(args, 'both folders: restore BACKUP DIR')));
  return serve(command === '' ? [] : [command, ...args]);
};

run(process.argv.slice(2)).catch((error: Error) => {
  const isBadUse = error instanceof BadUse || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  console.error(`embedded-event-store: ${error.message}${isBadUse ? `\n\n${USAGE}` : ''}`);
  process.exitCode = isBadUse ? 2 : 1;
});
