import { UnauthorizedException } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { commandIdOfKey, inputHash, InvalidInput, type Actor, type CommandContext } from '#kernel';
import { CLOCK_SKEW_MS, NAME } from '#incident';
import type { ApiOptions } from '../options.js';

/** What a command request says beside its body. */
export type CommandRequest = Readonly<{ context: CommandContext; idempotencyKey?: string; now: string }>;

const KEY = /^[\x21-\x7e]{1,255}$/;
const STRONG_ETAG = /^"(\d{1,18})"$/;
const ACTOR = /^(person|service|automation):([\x21-\x7e]{1,200})$/;
const MAX_ROLES = 20;

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
  const found = ACTOR.exec(text);
  if (!found) throw invalidHeader('ACTOR_INVALID', 'Faultline-Actor', 'person:ID, service:ID or automation:ID, such as person:jane.doe');
  const [, kind, id] = found as unknown as [string, Actor['kind'], string];
  const name = decoded(headerOf(request, 'faultline-actor-name'), 'Faultline-Actor-Name');
  const onBehalfOf = decoded(headerOf(request, 'faultline-on-behalf-of'), 'Faultline-On-Behalf-Of');
  const roles = headerOf(request, 'faultline-actor-roles')
    ?.split(',')
    .map((role) => role.trim());
  if (roles && (roles.length > MAX_ROLES || roles.some((role) => !/^[\w-]{1,50}$/.test(role)))) {
    throw invalidHeader(
      'ACTOR_INVALID',
      'Faultline-Actor-Roles',
      `At most ${MAX_ROLES} roles, comma-separated, of letters, digits, - and _`,
    );
  }
  return { kind, id, ...(name && { name }), ...(roles && { roles }), ...(onBehalfOf && { onBehalfOf }) };
};

/** `If-Match`: the revision it pins; `undefined` where there is none to pin. @throws InvalidInput IF_MATCH_INVALID */
const pinnedRevision = (request: FastifyRequest): bigint | undefined => {
  const text = headerOf(request, 'if-match');
  if (text === undefined || text === '*') return undefined;
  const found = STRONG_ETAG.exec(text);
  if (!found) throw invalidHeader('IF_MATCH_INVALID', 'If-Match', 'One ETag as it was answered, such as "4", or *');
  return BigInt(found[1] as string);
};

/** `Idempotency-Key`. @throws InvalidInput IDEMPOTENCY_KEY_INVALID */
const idempotencyKeyOf = (request: FastifyRequest): string | undefined => {
  const text = headerOf(request, 'idempotency-key');
  if (text !== undefined && !KEY.test(text)) {
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
