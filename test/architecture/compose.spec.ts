import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { SETTINGS } from '#config';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

type Service = Readonly<{
  image: string;
  build?: string;
  environment?: Record<string, string>;
  healthcheck?: object;
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  profiles?: string[];
  volumes?: string[];
  networks?: string[];
}>;
type Compose = Readonly<{ services: Record<string, Service>; volumes: Record<string, unknown>; networks: Record<string, unknown> }>;

const composeOf = (text: string): Compose => parse(text, { merge: true }) as Compose;

/** The part of the Compose specification that the file uses (https://github.com/compose-spec/compose-spec); what it does not use is not allowed. */
const text = { type: 'string' };
const texts = { type: 'array', items: text, minItems: 1 };
const environment = { type: 'object', additionalProperties: text };
const SCHEMA = {
  type: 'object',
  required: ['name', 'services', 'volumes', 'networks'],
  additionalProperties: false,
  patternProperties: { '^x-': {} },
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    volumes: { type: 'object', additionalProperties: { type: 'null' } },
    networks: { type: 'object', additionalProperties: { type: 'null' } },
    services: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['image'],
        additionalProperties: false,
        properties: {
          image: text,
          build: text,
          user: { type: 'string', pattern: '^\\d+:\\d+$' },
          entrypoint: texts,
          command: texts,
          environment,
          restart: { enum: ['no', 'always', 'on-failure', 'unless-stopped'] },
          read_only: { type: 'boolean' },
          cap_drop: texts,
          security_opt: texts,
          tmpfs: texts,
          network_mode: { enum: ['none'] },
          networks: texts,
          profiles: texts,
          ports: { type: 'array', items: { type: 'string', pattern: '^([\\d.]+:)?\\d+:\\d+$' } },
          volumes: { type: 'array', items: { type: 'string', pattern: '^[a-z0-9-]+:/[^:]+(:ro)?$' } },
          healthcheck: {
            type: 'object',
            required: ['test', 'interval', 'timeout', 'retries'],
            additionalProperties: false,
            properties: {
              test: { type: 'array', items: text, minItems: 2 },
              interval: { type: 'string', pattern: '^\\d+s$' },
              timeout: { type: 'string', pattern: '^\\d+s$' },
              retries: { type: 'integer', minimum: 1 },
            },
          },
          depends_on: {
            type: 'object',
            additionalProperties: {
              type: 'object',
              required: ['condition'],
              additionalProperties: false,
              properties: { condition: { enum: ['service_started', 'service_healthy', 'service_completed_successfully'] } },
            },
          },
        },
      },
    },
  },
};

/** What a later process of the same file would be asked to read, and is not told in it. */
/** Needed, or nothing where it is not given. */
const isTakenFromTheEnvironment = (value: string) => /^\$\{[A-Z_]+(:\?[^}]+|:-)\}$/.test(value);

/** Everything that is wrong with a Compose file, as sentences; a guard is seen to fail on a file that was spoilt on purpose. */
const faultsOf = (source: string): string[] => {
  const compose = composeOf(source);
  const faults: string[] = [];
  const validate = new Ajv({ strict: false }).compile(SCHEMA);
  if (!validate(compose)) faults.push(...(validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));

  const known = new Set<string>(Object.values(SETTINGS).map(({ variable }) => variable));
  const oneShot = new Set(
    Object.values(compose.services).flatMap(({ depends_on = {} }) =>
      Object.entries(depends_on).flatMap(([name, { condition }]) => (condition === 'service_completed_successfully' ? [name] : [])),
    ),
  );
  for (const [name, service] of Object.entries(compose.services)) {
    if (!/:\d+(\.\d+)+/.test(service.image)) faults.push(`${name}: its image is not pinned to a version`);
    if (!service.healthcheck && !service.build && !oneShot.has(name)) faults.push(`${name}: nothing says whether it is healthy`);
    for (const port of service.ports ?? []) if (!port.startsWith('127.0.0.1:')) faults.push(`${name}: ${port} is reached from outside`);
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      if (service.build && !known.has(variable)) faults.push(`${name}: the program reads no ${variable}`);
      if (/PASSWORD|SECRET|URI/.test(variable) && !isTakenFromTheEnvironment(value)) faults.push(`${name}: ${variable} stands in the file`);
    }
    for (const other of Object.keys(service.depends_on ?? {})) if (!compose.services[other]) faults.push(`${name}: there is no ${other}`);
    for (const volume of service.volumes ?? []) {
      const [source] = volume.split(':') as [string];
      if (!(source in compose.volumes)) faults.push(`${name}: there is no volume ${source}`);
    }
    for (const network of service.networks ?? [])
      if (!(network in compose.networks)) faults.push(`${name}: there is no network ${network}`);
  }
  return faults;
};

describe('docker-compose.yml', () => {
  const source = textOf('docker-compose.yml');

  it('is a Compose file whose every part is there, pinned, healthy, closed and without secrets', () => {
    expect(faultsOf(source)).toEqual([]);
  });

  it.each([
    ['an image of any version', 'mongo:7.0.14', 'mongo:latest', 'mongo: its image is not pinned to a version'],
    ['a port open to the world', '127.0.0.1:3000:3000', '3000:3000', 'api: 3000:3000 is reached from outside'],
    ['a setting that the program does not read', 'FAULTLINE_ROLES: api', 'FAULTLINE_ROLE: api', 'api: the program reads no FAULTLINE_ROLE'],
    [
      'a secret',
      '${MONGODB_PASSWORD:?put it into .env, see docs/deployment.md}',
      'geheim',
      'mongo: MONGO_INITDB_ROOT_PASSWORD stands in the file',
    ],
    ['a volume that nobody declares', "volumes: ['mongo:/data/db']", "volumes: ['mango:/data/db']", 'mongo: there is no volume mango'],
    ['a key that Compose does not know', 'read_only: true', 'readonly: true', '/services/api must NOT have additional properties'],
  ])('is refused with %s', (_, right, wrong, fault) => {
    expect(source).toContain(right);
    expect(faultsOf(source.replace(right, wrong))).toContain(fault);
  });

  it('offers a cluster of three', () => {
    const members = Object.values(composeOf(source).services).filter(({ profiles }) => profiles?.includes('cluster'));
    expect(members.map(({ environment: { EVENTSTORE_CLUSTER_SIZE } = {} }) => EVENTSTORE_CLUSTER_SIZE)).toEqual(['3', '3', '3']);
  });
});

describe('Dockerfile', () => {
  const [, finalStage = ''] =
    textOf('Dockerfile')
      .split(/^FROM .* AS build$/m)[1]
      ?.split(/^(?=FROM )/m) ?? [];

  it('ends in a stage that runs as nobody in particular, says whether it is healthy, and holds no development tools', () => {
    expect(finalStage).toMatch(/^USER (?!root)/m);
    expect(finalStage).toMatch(/^HEALTHCHECK /m);
    expect(finalStage).not.toMatch(/^COPY \. /m);
  });

  it('builds on pinned images', () => {
    expect(textOf('Dockerfile').match(/^FROM \S+/gm)).toEqual(['FROM node:20.20.2-bookworm-slim', 'FROM node:20.20.2-bookworm-slim']);
  });
});
