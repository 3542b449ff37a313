import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerCatalogue, numberCatalogue, unionOf, type Event } from '#kernel';
import { incidentCatalogue } from '#domain/incident';
import { assertPage, memoryLog } from '#testing';
import { apiOn } from '../support/api.js';
import { validatorsOf } from '../support/api-contract.js';

type Json = Readonly<Record<string, unknown>>;
type Parameter = Readonly<{ name: string; in: string; description?: string; schema: Json }>;
type Response = Readonly<{ description: string; content?: Readonly<Record<string, Readonly<{ schema?: Json }>>> }>;
type Operation = Readonly<{
  operationId: string;
  summary: string;
  tags: readonly string[];
  parameters: readonly Json[];
  requestBody?: Readonly<{
    content: Readonly<Record<string, Readonly<{ schema: Json; examples?: Readonly<Record<string, { value: unknown }>> }>>>;
  }>;
  responses: Readonly<Record<string, Json>>;
}>;
type Document = Readonly<{
  openapi: string;
  tags: readonly Readonly<{ name: string; description?: string }>[];
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: Readonly<Record<'schemas' | 'parameters' | 'responses' | 'headers', Readonly<Record<string, Json>>>>;
}>;

/** What an OpenAPI 3.1 document is made of, as far as this one has it. https://spec.openapis.org/oas/v3.1.0 */
const map = (values: Json): Json => ({ type: 'object', additionalProperties: values });
const some = (required: readonly string[], properties: Json): Json => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});
const ref = (to: string): Json => ({ $ref: `#/$defs/${to}` });
const text: Json = { type: 'string', minLength: 1 };
const OPENAPI_3_1: Json = {
  $defs: {
    reference: some(['$ref'], { $ref: { type: 'string', pattern: '^#/components/' } }),
    schema: { type: 'object', minProperties: 1 },
    content: map(some(['schema'], { schema: ref('schema'), examples: map(some(['value'], { summary: text, value: {} })) })),
    header: some(['schema', 'description'], { description: text, required: { type: 'boolean' }, schema: ref('schema') }),
    headers: map({ oneOf: [ref('reference'), ref('header')] }),
    response: some(['description'], { description: text, headers: ref('headers'), content: ref('content') }),
    parameter: some(['name', 'in', 'schema', 'description'], {
      name: text,
      in: { enum: ['query', 'header', 'path'] },
      required: { type: 'boolean' },
      description: text,
      schema: ref('schema'),
    }),
    operation: some(['operationId', 'summary', 'tags', 'responses', 'parameters'], {
      operationId: { type: 'string', pattern: '^[A-Z][A-Za-z]+$' },
      summary: text,
      description: text,
      tags: { type: 'array', items: text, minItems: 1, maxItems: 1 },
      parameters: { type: 'array', items: { oneOf: [ref('reference'), ref('parameter')] } },
      requestBody: some(['required', 'content'], { required: { const: true }, content: ref('content') }),
      responses: {
        type: 'object',
        minProperties: 1,
        propertyNames: { pattern: '^[1-5]\\d\\d$' },
        additionalProperties: { oneOf: [ref('reference'), ref('response')] },
      },
    }),
  },
  ...some(['openapi', 'info', 'paths', 'components', 'tags'], {
    openapi: { const: '3.1.0' },
    info: some(['title', 'description', 'version', 'license'], {
      title: text,
      description: text,
      version: text,
      license: some(['name', 'url'], { name: text, url: text }),
      contact: { type: 'object' },
    }),
    servers: { type: 'array' },
    tags: { type: 'array', items: some(['name', 'description'], { name: text, description: text }) },
    paths: {
      type: 'object',
      propertyNames: { pattern: '^/' },
      additionalProperties: {
        type: 'object',
        propertyNames: { enum: ['get', 'put', 'post', 'delete'] },
        additionalProperties: ref('operation'),
      },
    },
    components: some(['schemas', 'parameters', 'responses', 'headers'], {
      schemas: map(ref('schema')),
      parameters: map(ref('parameter')),
      responses: map(ref('response')),
      headers: map(ref('header')),
    }),
  }),
};

const isObject = (node: unknown): node is Json => typeof node === 'object' && node !== null && !Array.isArray(node);

let document: Document;
let operations: readonly (readonly [where: string, operation: Operation])[];
beforeAll(async () => {
  const catalogue = unionOf<Event>(incidentCatalogue as never, ledgerCatalogue as never, numberCatalogue as never);
  const app = await apiOn(memoryLog({ catalogue }));
  document = JSON.parse((await app.request('GET', '/docs-json')).text) as Document;
  await app.close();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  );
});

const resolved = <Node>(node: Json): Node => {
  if (typeof node.$ref !== 'string') return node as Node;
  const found = node.$ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document);
  if (found === undefined) throw new Error(`${node.$ref} leads nowhere`);
  return found as Node;
};

/** Every object of a document, with where it stands. */
function* nodesOf(node: unknown, where = '#'): Generator<readonly [string, Json]> {
  if (Array.isArray(node)) for (const [n, item] of node.entries()) yield* nodesOf(item, `${where}/${n}`);
  if (!isObject(node)) return;
  yield [where, node];
  for (const [key, value] of Object.entries(node)) if (!['example', 'examples'].includes(key)) yield* nodesOf(value, `${where}/${key}`);
}

/** Schemas that stand inside another one. */
const innerSchemas = (schema: Json): readonly Json[] =>
  [
    ...Object.values((schema.properties ?? {}) as Json),
    ...['anyOf', 'oneOf', 'allOf'].flatMap((key) => (schema[key] ?? []) as Json[]),
    schema.items,
    schema.additionalProperties,
  ].filter(isObject);

const everySchema = function* (schema: Json, where: string): Generator<readonly [string, Json]> {
  yield [where, schema];
  for (const inner of innerSchemas(schema)) yield* everySchema(inner, where);
};

const saysSomething = (schema: Json): boolean =>
  ['type', '$ref', 'anyOf', 'oneOf', 'allOf', 'enum'].some((key) => schema[key] !== undefined);

const isBounded = ({ type, enum: words, pattern, format, maxLength, minimum, maximum }: Json): boolean => {
  if (words !== undefined || type === 'boolean') return true;
  if (type === 'integer') return minimum !== undefined && maximum !== undefined;
  return type === 'string' && (pattern !== undefined || format !== undefined || maxLength !== undefined);
};

describe('the OpenAPI document', () => {
  it('is one', () => {
    const validate = new Ajv2020({ allErrors: true }).compile(OPENAPI_3_1);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('leads nowhere but to what it has', () => {
    for (const [, { $ref, discriminator }] of nodesOf(document)) {
      const { mapping = {} } = (discriminator ?? {}) as { mapping?: Record<string, string> };
      for (const to of [$ref, ...Object.values(mapping)]) if (to !== undefined) resolved({ $ref: to });
    }
  });

  it('has a name of its own for each operation, and a description for each tag', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([]);
    const used = new Set(operations.flatMap(([, { tags }]) => tags));
    expect([...used].sort()).toEqual(document.tags.map(({ name }) => name).sort());
  });

  it('bounds every parameter, and shows one', () => {
    for (const [where, { parameters }] of operations) {
      const all = parameters.map((parameter) => resolved<Parameter>(parameter));
      const inPath = all.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`);
      expect([where, inPath]).toEqual([where, where.match(/\{[^}]+\}/g) ?? []]);
      for (const { name, schema } of all) {
        const { example, examples, enum: words } = schema as { example?: unknown; examples?: unknown[]; enum?: unknown[] };
        expect([where, name, isBounded(schema)]).toEqual([where, name, true]);
        expect([where, name, example ?? examples?.[0] ?? words?.[0]]).not.toEqual([where, name, undefined]);
      }
    }
  });

  it('says of every success what is in it, and of everything else that it is a Problem', () => {
    for (const [where, operation] of operations) {
      const statuses = Object.entries(operation.responses).map(
        ([status, response]) => [Number(status), resolved<Response>(response)] as const,
      );
      expect([where, statuses.some(([status]) => status < 300)]).toEqual([where, true]);
      for (const [status, { content = {} }] of statuses) {
        const schemas = Object.values(content).map(({ schema }) => schema?.$ref ?? schema?.type);
        if (status < 300) expect([where, status, schemas.length > 0 && schemas.every(Boolean)]).toEqual([where, status, true]);
        else if (status < 400) expect([where, status, schemas]).toEqual([where, status, []]);
        else if (operation.tags[0] === 'operations') expect([where, schemas]).toEqual([where, ['#/components/schemas/Health']]);
        else
          expect([where, status, content]).toEqual([
            where,
            status,
            { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          ]);
      }
    }
  });

  it('has no schema that says nothing', () => {
    const named = Object.entries(document.components.schemas);
    const inline = [
      ...nodesOf([document.paths, document.components.responses, document.components.parameters, document.components.headers]),
    ]
      .filter(([, node]) => isObject(node.schema))
      .map(([where, node]) => [where, node.schema as Json] as const);
    const silent = [...named, ...inline]
      .flatMap(([where, schema]) => [...everySchema(schema, where)])
      .filter(([, schema]) => !saysSomething(schema));
    expect(silent).toEqual([]);
  });

  it('shows requests that it would take itself', () => {
    const validatorOf = validatorsOf(document as never);
    for (const [where, { requestBody }] of operations) {
      for (const { schema, examples = {} } of Object.values(requestBody?.content ?? {})) {
        const validate = validatorOf(schema);
        for (const { value } of Object.values(examples)) expect([where, validate(value), validate.errors ?? []]).toEqual([where, true, []]);
      }
    }
  });

  it('has schemas that a validator takes', () => {
    const validatorOf = validatorsOf(document as never);
    for (const name of Object.keys(document.components.schemas)) validatorOf({ $ref: `#/components/schemas/${name}` });
  });

  it('is documented as it is', () => assertPage('openapi.json', `${JSON.stringify(document, null, 1)}\n`));
});
