import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiResponse, type ApiHeaderOptions, type ApiResponseOptions } from '@nestjs/swagger';
import { DEFINITION_ID_PATTERN, type FieldFault } from '#kernel';
import { NAME } from '#domain/incident';
import { PROBLEM_JSON, type Problem } from '../problems/problem.js';
import { list, named, object, optional, position, text, whole, type JsonSchema, type Schema } from '../schemas/schema.js';
import { ACTOR_PATTERN, IDEMPOTENCY_KEY_PATTERN, IF_MATCH_PATTERN, ROLES_PATTERN } from './command-request.js';
import { ENTRY_ID_PATTERN, INCIDENT_ID_PATTERN, UUID_PATTERN } from './parameters.js';

/** Lines of JSON, one document each: https://github.com/ndjson/ndjson-spec */
export const JSON_LINES = 'application/x-ndjson';

/** RFC 5545. */
export const ICALENDAR = 'text/calendar';

const FAULT = named<FieldFault>(
  'FieldFault',
  object<FieldFault>(
    {
      field: text('Where it is: `resolution.code`, `mentions[2]`, or a header.', { example: 'urgency' }),
      message: text('What would be right.', { example: 'urgency must be one of high, medium, low' }),
    },
    'One wrong field of a request.',
  ),
);

const PROBLEM = named<Problem>(
  'Problem',
  object<Problem>(
    {
      type: text('Leads to what it means and what to do.', { example: '/docs/problems#INCIDENT_CLOSED' }),
      title: text('The words of the status.', { example: 'Conflict' }),
      status: whole(undefined, { minimum: 400, maximum: 599 }),
      detail: text('What is wrong this time, for people.'),
      instance: text('The path that was asked.'),
      code: text('For programs: it never changes its meaning.', { pattern: '^[A-Z][A-Z0-9_]*$', example: 'INCIDENT_CLOSED' }),
      errors: optional(list(FAULT, 'Each wrong field.')),
    },
    'Problem Details, RFC 9457.',
  ),
);

type HeaderObject = Readonly<{ description: string; required?: boolean; schema: JsonSchema }>;

/** The headers of answers. */
const HEADERS = {
  ETag: {
    description: 'The revision: send it as `If-Match` to decide at it, or not at all.',
    schema: { type: 'string', examples: ['"4"'] },
  },
  'Faultline-Position': { description: 'The place in the log that the answer is of; see `after`.', schema: position().json },
  Link: {
    description: 'RFC 8288; `rel="next"` leads to the next page. Absent on the last one.',
    required: false,
    schema: { type: 'string', examples: ['</api/v1/incidents?cursor=WyIx>; rel="next"'] },
  },
  Location: { description: 'Where the incident is.', schema: { type: 'string', examples: ['/api/v1/incidents/INC0000001'] } },
  'Retry-After': { description: 'Seconds after which trying again can help.', required: false, schema: { type: 'integer', minimum: 0 } },
} as const satisfies Readonly<Record<string, HeaderObject>>;

type HeaderName = keyof typeof HEADERS;

const headersOf = (...names: readonly HeaderName[]) =>
  Object.fromEntries(names.map((name) => [name, { required: true, ...HEADERS[name] }]));

type Content = Readonly<Record<string, Schema<never>>>;

const response = (status: number, description: string, content: Content, headers: readonly HeaderName[]) =>
  ApiResponse({
    status,
    description,
    ...(headers.length > 0 && { headers: headersOf(...headers) }),
    content: Object.fromEntries(Object.entries(content).map(([mediaType, { json }]) => [mediaType, { schema: json }])),
  } as ApiResponseOptions);

/** A success, and what it is answered with: JSON, or whatever the media types say. */
export const Answers = (
  status: number,
  description: string,
  answer: Schema<never> | Content,
  ...headers: readonly HeaderName[]
): MethodDecorator & ClassDecorator =>
  response(status, description, 'json' in answer ? { 'application/json': answer as Schema<never> } : answer, headers);

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'What was sent cannot be read or accepted; `errors` names each field',
  401: 'Nobody is believed here who names itself by headers',
  404: 'There is no such thing',
  409: 'The state that it is in forbids it, or others keep changing it',
  412: 'The revision pinned by If-Match is not the last one any more',
  413: 'The body is larger than this server reads',
  415: 'The body is of a media type that is not read here',
  422: 'The Idempotency-Key was used before with another request',
  503: 'An engine or a view is not there yet: try again after Retry-After seconds',
};

const PROBLEM_HEADERS: Readonly<Record<number, readonly HeaderName[]>> = { 409: ['Retry-After'], 412: ['ETag'], 503: ['Retry-After'] };

/** The Problems that a route answers with. */
export const Problems = (...statuses: readonly number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ...statuses.map((status) => response(status, MEANINGS[status] as string, { [PROBLEM_JSON]: PROBLEM }, PROBLEM_HEADERS[status] ?? [])),
  );

/** Those of every command; of one whose path names something, 404 as well. */
export const COMMAND_PROBLEMS = [400, 401, 409, 412, 413, 415, 422, 503] as const;

const header = (name: string, description: string, schema: JsonSchema, required = false) =>
  ApiHeader({ name, required, description, schema } as ApiHeaderOptions);

/** A name in which every character takes three bytes, percent-encoded. */
const ENCODED_NAME_LENGTH = 9 * NAME.max;

/** The headers that every command takes. */
export const CommandHeaders = (): MethodDecorator =>
  applyDecorators(
    header(
      'Faultline-Actor',
      'Who asks: kind and id.',
      { type: 'string', pattern: ACTOR_PATTERN.source, examples: ['person:jane.doe'] },
      true,
    ),
    header('Faultline-Actor-Name', 'What they are called, percent-encoded.', {
      type: 'string',
      maxLength: ENCODED_NAME_LENGTH,
      examples: ['Jane%20Doe'],
    }),
    header('Faultline-Actor-Roles', 'In which they act: up to 20, comma-separated.', {
      type: 'string',
      pattern: ROLES_PATTERN.source,
      examples: ['agent,major-incident-manager'],
    }),
    header('Faultline-On-Behalf-Of', 'For whom they act, percent-encoded.', {
      type: 'string',
      maxLength: ENCODED_NAME_LENGTH,
      examples: ['store-leuven'],
    }),
    header('Idempotency-Key', 'Resent with the same key, the command is done once, and answers as it did the first time.', {
      type: 'string',
      pattern: IDEMPOTENCY_KEY_PATTERN.source,
      examples: ['0b5c0e3e-6f0a-4c5e-9d57-0d3ad1d3a001'],
    }),
    header('If-Match', 'The ETag to decide at, or not at all; `*` pins none.', {
      type: 'string',
      pattern: IF_MATCH_PATTERN.source,
      examples: ['"4"'],
    }),
  );

/** A body as one would send it. */
export const asExample = (value: object | string) => ({ typical: { summary: 'As one would send it', value } });

/** The incident that a path is about. */
export const IncidentIdParam = (): MethodDecorator =>
  ApiParam({
    name: 'incidentId',
    description: 'The number of the incident.',
    schema: { type: 'string', pattern: INCIDENT_ID_PATTERN.source, example: 'INC0000001' },
  });

/** The notice that a path is about. */
export const NoticeIdParam = (): MethodDecorator =>
  ApiParam({
    name: 'noticeId',
    description: 'The id of the notice.',
    schema: { type: 'string', pattern: UUID_PATTERN.source, example: '6b0d1f5a-5f6e-8c1d-9a53-1d2f6f3ab001' },
  });

/** The definition that a path is about; of what there is one of, it is always the same. */
export const DefinitionIdParam = (only?: string): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: only === undefined ? 'What other definitions call it.' : 'A site has one.',
    schema:
      only === undefined
        ? { type: 'string', pattern: DEFINITION_ID_PATTERN.source, example: 'office-hours' }
        : { type: 'string', enum: [only] },
  });

/** The override, swap or absence that a path is about. */
export const EntryIdParam = (name: string, example: string): MethodDecorator =>
  ApiParam({ name, description: 'As it was arranged under.', schema: { type: 'string', pattern: ENTRY_ID_PATTERN.source, example } });
