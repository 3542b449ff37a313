import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DEFINITION_KINDS } from '#domain/definitions';
import { PROBLEM_JSON } from './problems/problem.js';
import { namedSchemas } from './schemas/schema.js';

/** 3.1: answers are described in JSON Schema as it is, and a DELETE may have a body, which says why. */
const OPENAPI_VERSION = '3.1.0';

const ABOUT = `The system of record for incidents: every change is an event, and every answer can be traced to the events it is of.

**Commands** take \`Faultline-Actor\`, and \`Idempotency-Key\` so that they can be resent. They answer with the place in the log that they wrote to.
**Queries** read views, which follow the log within moments: \`?after=POSITION\` waits until the view is at least that far.
Lists have pages: follow the \`Link\` header. Instants are ISO 8601 in UTC. Places in the log are text.
Every answer has an \`X-Correlation-Id\`: the caller's own, where it sent one. It stands in every event that the request caused.
Whatever is not a success is a Problem (RFC 9457) with a \`code\` that never changes its meaning.`;

/** Nest writes `nullable` into the classes of requests. 3.1 has it no more: null is one of the types there. */
const withNullAsType = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withNullAsType);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withNullAsType(value)]));
  if (nullable !== true) return { ...rest, ...(nullable !== undefined && { nullable }) };
  return { ...rest, type: [rest.type, 'null'], ...(Array.isArray(rest.enum) && { enum: [...(rest.enum as unknown[]), null] }) };
};

type Named = Record<string, unknown>;
type Operation = { parameters?: { in: string; name: string }[]; responses: Record<string, { content?: Named; headers?: Named }> };

/** What many operations have in common, said once: the headers of commands, the headers of answers, the Problems. */
const saidOnce = (paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>) => {
  const components = { parameters: {} as Named, headers: {} as Named, responses: {} as Named };
  const once = (kind: keyof typeof components, name: string, value: unknown) => {
    components[kind][name] ??= value;
    return { $ref: `#/components/${kind}/${name}` };
  };
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    operation.parameters = operation.parameters?.map((one) => (one.in === 'header' ? once('parameters', one.name, one) : one) as never);
    for (const [status, response] of Object.entries(operation.responses)) {
      const { headers } = response;
      for (const [name, header] of Object.entries(headers ?? {})) (headers as Named)[name] = once('headers', name, header);
      if (PROBLEM_JSON in (response.content ?? {})) operation.responses[status] = once('responses', `Problem${status}`, response) as never;
    }
  }
  return components;
};

/** The API as OpenAPI describes it. */
export const openApi = (app: INestApplication): OpenAPIObject => {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion(OPENAPI_VERSION)
    .setTitle('Faultline')
    .setDescription(ABOUT)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addTag('commands', 'Everything that changes an incident. docs/incident-states.md says what its status allows.')
    .addTag('service levels', 'Why they stand where they stand, and what others would have done.')
    .addTag('queries', 'Views: queues, incidents, their histories and audit trails, figures.')
    .addTag('on-call', 'Who is on call, when and why, and what was arranged beside the turns.')
    .addTag('notices', 'What people were told, whether it reached them, and how it is worded.')
    .addTag('feed', 'Events for other systems.');
  for (const { path, about } of DEFINITION_KINDS) builder.addTag(path, about);
  builder.addTag('operations', 'For whoever runs the program.');

  const document = SwaggerModule.createDocument(app, builder.build());
  const requests = withNullAsType(document.components?.schemas) as Record<string, object>;
  const shared = saidOnce(document.paths as never);
  return { ...document, components: { ...document.components, ...shared, schemas: { ...requests, ...namedSchemas() } } } as OpenAPIObject;
};
