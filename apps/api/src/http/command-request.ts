import { UnauthorizedException } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { commandIdOfKey, inputHash, InvalidInput, type Actor, type CommandContext } from '#kernel';
import { CLOCK_SKEW_MS, NAME } from '#domain/incident';
import type { ApiOptions } from '../options.js';

/** What a command request says beside its body. */
export type CommandRequest = Readonly<{ context: CommandContext; idempotencyKey?: string; now: string }>;

/** What the headers of a command may be. */
export const IDEMPOTENCY_KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;
export const IF_MATCH_PATTERN = /^(?:\*|"(\d{1,18})")$/;
export const ACTOR_PATTERN = /^(person|service|automation):([\x21-\x7e]{1,200})$/;
export const ROLES_PATTERN = /^\s*[\w-]{1,50}\s*(,\s*[\w-]{1,50}\s*){0,19}$/;

const invalidHeader = (code: string, field: string, message: string) =>
  new InvalidInput(code, `${field}: ${message}`, [{ field, message }]);

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

const decoded = (text: string | undefined, field: string): string | undefined => {
  if (text === undefined) return undefined;
  try {
    const name = decodeURIComponent(text).trim();
    if (name.length >= NAME.min && name.length <= NAME.max) return name;
  } catch {
    // not percent-encoding: refused below
  }
  throw invalidHeader('ACTOR_INVALID', field, `${NAME.min} to ${NAME.max} characters, percent-encoded where they are not ASCII`);
};

/**
 * Who asks, by the headers `Faultline-Actor` (`person:jane.doe`), `Faultline-Actor-Name`, `Faultline-Actor-Roles` and
 * `Faultline-On-Behalf-Of`. They are believed only where the settings say so: until identities come, the network is the proof.
 * @throws InvalidInput ACTOR_MISSING, ACTOR_INVALID
 */
const actorOf = (request: FastifyRequest): Actor => {
  const text = headerOf(request, 'faultline-actor');
  if (text === undefined) throw invalidHeader('ACTOR_MISSING', 'Faultline-Actor', 'who asks, such as person:jane.doe');
  const found = ACTOR_PATTERN.exec(text);
  if (!found) throw invalidHeader('ACTOR_INVALID', 'Faultline-Actor', 'person:ID, service:ID or automation:ID, such as person:jane.doe');
  const [, kind, id] = found as unknown as [string, Actor['kind'], string];
  const name = decoded(headerOf(request, 'faultline-actor-name'), 'Faultline-Actor-Name');
  const onBehalfOf = decoded(headerOf(request, 'faultline-on-behalf-of'), 'Faultline-On-Behalf-Of');
  const rolesText = headerOf(request, 'faultline-actor-roles');
  if (rolesText !== undefined && !ROLES_PATTERN.test(rolesText)) {
    throw invalidHeader(
      'ACTOR_INVALID',
      'Faultline-Actor-Roles',
      'At most 20 roles, comma-separated, of up to 50 letters, digits, - and _',
    );
  }
  const roles = rolesText?.split(',').map((role) => role.trim());
  return { kind, id, ...(name && { name }), ...(roles && { roles }), ...(onBehalfOf && { onBehalfOf }) };
};

/** `If-Match`: the revision it pins; `undefined` where there is none to pin. @throws InvalidInput IF_MATCH_INVALID */
const pinnedRevision = (request: FastifyRequest): bigint | undefined => {
  const text = headerOf(request, 'if-match');
  if (text === undefined) return undefined;
  const found = IF_MATCH_PATTERN.exec(text);
  if (!found) throw invalidHeader('IF_MATCH_INVALID', 'If-Match', 'One ETag as it was answered, such as "4", or *');
  return found[1] === undefined ? undefined : BigInt(found[1]);
};

/** `Idempotency-Key`. @throws InvalidInput IDEMPOTENCY_KEY_INVALID */
const idempotencyKeyOf = (request: FastifyRequest): string | undefined => {
  const text = headerOf(request, 'idempotency-key');
  if (text !== undefined && !IDEMPOTENCY_KEY_PATTERN.test(text)) {
    throw invalidHeader('IDEMPOTENCY_KEY_INVALID', 'Idempotency-Key', '1 to 255 visible ASCII characters');
  }
  return text;
};

/** When it happened: given in the past, or now. @throws InvalidInput OCCURRED_IN_FUTURE */
const occurredAtOf = (body: unknown, now: Date): string | undefined => {
  const text = (body as { occurredAt?: string } | undefined)?.occurredAt;
  if (text === undefined) return undefined;
  const occurred = new Date(text);
  if (occurred.getTime() > now.getTime() + CLOCK_SKEW_MS) {
    throw invalidHeader('OCCURRED_IN_FUTURE', 'occurredAt', `must not be after now (${now.toISOString()})`);
  }
  return occurred.toISOString();
};

/**
 * What a request says beside its body: who asks, under which key, on what condition. The id of the command follows from the key, so that a
 * resent request is the same command; without a key each request is a command of its own.
 * @throws UnauthorizedException where callers are not believed; InvalidInput for headers that cannot be read
 */
export const commandRequestOf = (
  request: FastifyRequest,
  { settings, now: clock = () => new Date() }: Pick<ApiOptions, 'settings' | 'now'>,
  command: string,
  target: string,
  body: unknown,
): CommandRequest => {
  if (!settings.actorHeaders) throw new UnauthorizedException();
  const now = clock();
  const actor = actorOf(request);
  const idempotencyKey = idempotencyKeyOf(request);
  const commandId = idempotencyKey === undefined ? randomUUID() : commandIdOfKey(actor, idempotencyKey);
  const expectedRevision = pinnedRevision(request);
  const occurredAt = occurredAtOf(body, now);
  return {
    context: {
      commandId,
      commandHash: inputHash({ command, target, body }),
      actor,
      correlationId: request.id,
      ...(occurredAt && { occurredAt }),
      ...(expectedRevision !== undefined && { expectedRevision }),
    },
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    now: occurredAt ?? now.toISOString(),
  };
};
