import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, Readonly<{ schema: Json }>>>;
type Response = Readonly<{ content?: Content; headers?: Readonly<Record<string, Json>> }>;
type Operation = Readonly<{ operationId: string; requestBody?: Readonly<{ content: Content }>; responses: Readonly<Record<string, Json>> }>;

/** What was asked over HTTP, and what was answered. */
export type Exchange = Readonly<{
  method: string;
  path: string;
  body?: unknown;
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
}>;

const isObject = (node: unknown): node is Json => typeof node === 'object' && node !== null && !Array.isArray(node);

/** Readers pass over fields that they do not know; a test does not: what is answered has to be documented. */
const closed = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(closed);
  if (!isObject(node)) return node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return isObject(node.properties) && node.additionalProperties === undefined ? { ...inner, additionalProperties: false } : inner;
};

const HERE = '#/components/schemas/';
const ID = 'faultline:openapi';

/** The same schemas, where a validator finds them. */
const located = <Node>(node: Node): Node => JSON.parse(JSON.stringify(node).replaceAll(`"${HERE}`, `"${ID}#/$defs/`)) as Node;

/** ISO 8601 in UTC, of a day that there is. */
const isInstant = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z$/.test(text) && !Number.isNaN(Date.parse(text));

/** Compiles the schemas of a document. @throws where one of them is none */
export const validatorsOf = (document: OpenAPIObject): ((schema: Json) => ValidateFunction) => {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  ajv.addVocabulary(['example', 'discriminator']);
  ajv.addFormat('date-time', isInstant);
  ajv.addSchema({ $id: ID, $defs: located(closed(document.components?.schemas)) as Json });
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const key = JSON.stringify(schema);
    const validate = compiled.get(key) ?? ajv.compile(located(closed(schema)) as Json);
    compiled.set(key, validate);
    return validate;
  };
};

const linesOf = (mediaType: string, text: string): unknown[] => {
  if (mediaType === 'application/x-ndjson')
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
  return [mediaType.endsWith('json') ? (JSON.parse(text) as unknown) : text];
};

/**
 * Holds what a running API answers to the document that describes it.
 * @param onSuccess told of every operation that succeeded as documented
 * @returns a check of one exchange, which throws where it is not as documented
 */
export const apiContract = (document: OpenAPIObject, onSuccess: (operationId: string) => void): ((exchange: Exchange) => void) => {
  const validatorOf = validatorsOf(document);
  const routes = Object.entries(document.paths).map(([pattern, operations]) => ({
    isAt: new RegExp(`^${pattern.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    parameters: pattern.split('{').length,
    operations: operations as unknown as Readonly<Record<string, Operation>>,
  }));
  routes.sort((a, b) => a.parameters - b.parameters);

  const resolved = (node: Json): Response => {
    if (typeof node.$ref !== 'string') return node as Response;
    return node.$ref
      .slice(2)
      .split('/')
      .reduce((at: Json, key) => at[key] as Json, document as unknown as Json) as Response;
  };

  const assertIs = (schema: Json, value: unknown, where: string) => {
    const validate = validatorOf(schema);
    if (validate(value)) return;
    const faults = validate.errors
      ?.slice(0, 8)
      .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
    assert.fail(`${where} is not as the document says:\n${faults?.join('\n')}\n${JSON.stringify(value).slice(0, 2_000)}`);
  };

  return ({ method, path, body, status, headers, text }) => {
    const route = routes.find(({ isAt }) => isAt.test(path.split('?', 1)[0] as string));
    const operation = route?.operations[method.toLowerCase()];
    const what = `${method} ${path}: ${status}`;
    const mediaType = headers['content-type']?.split(';', 1)[0] ?? '';
    if (!operation) {
      if (status >= 400) assertIs({ $ref: `${HERE}Problem` }, JSON.parse(text), what);
      return;
    }

    const documented = operation.responses[status];
    assert.ok(documented, `${what} is not documented: ${text.slice(0, 500)}`);
    const { content, headers: announced = {} } = resolved(documented);
    for (const [name, header] of Object.entries(announced)) {
      const { required } = resolved(header) as Json;
      assert.ok(!required || headers[name.toLowerCase()] !== undefined, `${what} comes without ${name}`);
    }
    if (!content) {
      assert.equal(text, '', `${what} has a body, and none is documented`);
      return;
    }
    const { schema } = content[mediaType] ?? {};
    assert.ok(schema, `${what} is ${mediaType}: documented are ${Object.keys(content).join(', ')}`);
    for (const value of linesOf(mediaType, text)) assertIs(schema, value, what);

    const accepts = operation.requestBody?.content['application/json']?.schema;
    if (status >= 300) return;
    if (accepts) assertIs(accepts, body, `${method} ${path}: the body, which was accepted,`);
    onSuccess(operation.operationId);
  };
};
