#!/usr/bin/env node
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backup, restore, startMongoNode, verify } from '../index.js';
import { CREDENTIALS_FILE, OWNER_PASSWORD, READER_PASSWORD, usersIn } from './credentials.js';

const USAGE = `A document store that speaks the MongoDB protocol.

  embedded-mongo --data DIR [--port N] [--host H]
  embedded-mongo --memory   [--port N] ...            nothing is kept
  embedded-mongo --no-auth ...                        no users, everything allowed; on loopback only

  embedded-mongo verify DIR                           checks every document and every index entry; a node may be running on it
  embedded-mongo backup DIR TO                        copies what is acknowledged now; a node may be running on it
  embedded-mongo restore BACKUP DIR                   puts a backup in place of a folder without data

  --port N     27017 by default; 0 takes any free one
  --host H     127.0.0.1 by default

  The passwords of the users owner (who may do everything) and reader (who may read) are what ${OWNER_PASSWORD} and
  ${READER_PASSWORD} say, else what DIR/${CREDENTIALS_FILE} says, which is made at the first start.`;

/** Bad use: says what would be right, and ends with 2. */
class BadUse extends Error {}

const report = (what: object): void => console.log(JSON.stringify(what));

const portOf = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new BadUse(`--port takes a number from 0 to 65535, not ${text}`);
  return Number(text);
};

const serve = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      memory: { type: 'boolean', default: false },
      port: { type: 'string', default: '27017' },
      host: { type: 'string' },
      'no-auth': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const { data, memory, host } = values;
  if ((data === undefined) === !memory) throw new BadUse('Say where the data is kept: --data DIR, or --memory for nowhere');
  const open = values['no-auth'];
  const node = await startMongoNode({
    ...(data !== undefined && { dataDir: data }),
    ...(host !== undefined && { host }),
    port: portOf(values.port),
    users: open ? 'none' : usersIn(data),
  });
  console.log(`embedded-mongo listens: ${node.uri}`);
  if (!open)
    console.log(`users: ${process.env[OWNER_PASSWORD] || data === undefined ? `from ${OWNER_PASSWORD}` : join(data, CREDENTIALS_FILE)}`);
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
    const verified = await verify(args[0] as string);
    report(verified);
    if (verified.faults.length > 0) process.exitCode = 1;
    return;
  }
  if (command === 'backup') return report(await backup(...two(args, 'both folders: backup DIR TO')));
  if (command === 'restore') return report(await restore(...two(args, 'both folders: restore BACKUP DIR')));
  return serve(command === '' ? [] : [command, ...args]);
};

run(process.argv.slice(2)).catch((error: Error) => {
  const isBadUse = error instanceof BadUse || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  console.error(`embedded-mongo: ${error.message}${isBadUse ? `\n\n${USAGE}` : ''}`);
  process.exitCode = isBadUse ? 2 : 1;
});
