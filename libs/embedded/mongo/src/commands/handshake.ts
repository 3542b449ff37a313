import { arch, platform } from 'node:os';
import { BsonType, MAX_DOCUMENT_BYTES } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import { USERS_DB } from '../security/users.js';
import { MAX_MESSAGE_BYTES, MAX_WRITE_BATCH } from '../wire/message.js';
import { speculate } from './authentication.js';
import type { Handler, Reply } from './call.js';

/** What a client may take for granted: the commands of MongoDB 7.0. */
const MAX_WIRE_VERSION = 21;
const VERSION = [7, 0, 0, 0] as const;

/** https://www.mongodb.com/docs/manual/reference/command/hello/ : a standalone server, as drivers 4 to 7, mongosh and Compass read it. */
export const hello: Handler = ({ node, client, command }): Reply => {
  const modern = command.name === 'hello';
  const wanted = command.string('saslSupportedMechs');
  const speculative = command.object('speculativeAuthenticate');
  return {
    ...(command.boolean('helloOk') && { helloOk: true }),
    ...(modern ? { isWritablePrimary: true } : { ismaster: true }),
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: MAX_WRITE_BATCH,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: client.id,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: false,
    ...(wanted !== undefined && mechanismsOf(node, wanted)),
    ...(speculative && { speculativeAuthenticate: speculate(node, client, speculative) }),
  };
};

const mechanismsOf = (node: Parameters<Handler>[0]['node'], user: string): Reply => {
  const dot = user.indexOf('.');
  return node.users.find(user.slice(0, dot), user.slice(dot + 1)) ? { saslSupportedMechs: ['SCRAM-SHA-256'] } : {};
};

export const ping: Handler = () => ({});

/** https://www.mongodb.com/docs/manual/reference/command/buildInfo/ */
export const buildInfo: Handler = () => ({
  version: VERSION.slice(0, 3).join('.'),
  gitVersion: 'embedded-mongo',
  modules: [],
  allocator: 'system',
  javascriptEngine: 'none',
  sysInfo: 'deprecated',
  versionArray: VERSION,
  bits: 64,
  debug: false,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  storageEngines: ['lmdb'],
  buildEnvironment: { distarch: arch(), target_os: platform() },
});

export const whatsMyUri: Handler = ({ client }) => ({ you: client.remote });

/** https://www.mongodb.com/docs/manual/reference/command/connectionStatus/ */
export const connectionStatus: Handler = ({ client: { user }, command }) => {
  const roles = user ? [{ role: user.role === 'owner' ? 'root' : 'readAnyDatabase', db: USERS_DB }] : [];
  return {
    authInfo: {
      authenticatedUsers: user ? [{ user: user.name, db: USERS_DB }] : [],
      authenticatedUserRoles: roles,
      ...(command.boolean('showPrivileges') && { authenticatedUserPrivileges: [] }),
    },
  };
};

const PARAMETERS: Readonly<Record<string, object | string | number | boolean>> = {
  featureCompatibilityVersion: { version: VERSION.slice(0, 2).join('.') },
  authenticationMechanisms: ['SCRAM-SHA-256'],
  ttlMonitorEnabled: true,
  cursorTimeoutMillis: 600_000,
  localLogicalSessionTimeoutMinutes: 30,
};

/** https://www.mongodb.com/docs/manual/reference/command/getParameter/ */
export const getParameter: Handler = ({ command }) => {
  const wanted = command.require('getParameter');
  const all = (wanted.type === BsonType.string && wanted.text() === '*') || command.boolean('allParameters');
  const asked = Object.entries(PARAMETERS).filter(([name]) => all || command.boolean(name));
  if (asked.length === 0) throw new CommandError('InvalidOptions', 'no option found to get');
  return Object.fromEntries(asked);
};
