import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '#kernel';
import { currentRevision, problem, PROBLEM_JSON, problemOf, RETRY_AFTER_SECONDS, type Problem } from './problem.js';

/** Failures of Fastify itself, by its codes: what they are to a caller. */
const FASTIFY: Readonly<Record<string, readonly [code: string, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['BODY_TOO_LARGE', 'The request body is larger than this server reads'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['MEDIA_TYPE_UNSUPPORTED', 'Send the body as application/json; a feed of days off as text/calendar'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['BODY_INVALID', 'The body is empty: send a JSON object, or no content type'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['BODY_INVALID', 'The body is not valid JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['BODY_INVALID', 'The body is not as long as its Content-Length says'],
  FST_ERR_BAD_URL: ['URL_INVALID', 'The path cannot be decoded'],
};

/** Failures that Nest raises itself. */
const NEST: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['REQUEST_INVALID', 'The request cannot be read'],
  401: ['ACTOR_NOT_TRUSTED', 'This server believes no headers by which a caller names itself: see FAULTLINE_ACTOR_HEADERS'],
  404: ['ROUTE_NOT_FOUND', 'There is nothing at this path with this method; /docs lists what there is'],
  413: ['BODY_TOO_LARGE', 'The request body is larger than this server reads'],
  415: ['MEDIA_TYPE_UNSUPPORTED', 'Send the body as application/json; a feed of days off as text/calendar'],
};

const isClientFault = (error: unknown): error is { statusCode: number; code?: string } => {
  const status = (error as { statusCode?: unknown })?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500;
};

const requestProblem = (error: unknown, instance: string): Problem | undefined => {
  if (error instanceof Refusal) return problemOf(error, instance);
  if (error instanceof SyntaxError && 'statusCode' in error) return problem(400, 'BODY_INVALID', 'The body is not valid JSON', instance);
  if (error instanceof HttpException && error.getStatus() < 500) {
    const [code, detail] = NEST[error.getStatus()] ?? ['REQUEST_INVALID', error.message];
    return problem(error.getStatus(), code, detail, instance);
  }
  if (isClientFault(error)) {
    const [code, detail] = FASTIFY[error.code ?? ''] ?? NEST[error.statusCode] ?? ['REQUEST_INVALID', 'The request cannot be read'];
    return problem(error.statusCode, code, detail, instance);
  }
  return undefined;
};

/**
 * Every answer that is not a success is a Problem. What was not foreseen is logged whole, under the correlation id, and told to nobody.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    sendProblem(error, request, reply);
  }
}

/** Answers with the Problem that an error is; errors of Fastify that Nest never sees take this way too. */
export const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
  const instance = request.url.split('?', 1)[0] as string;
  const found = requestProblem(error, instance);
  if (!found) request.log.error({ err: error, correlationId: request.id }, 'A request failed for a reason that nobody foresaw');
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const answer = found ?? problem(500, 'INTERNAL_ERROR', `The server failed; its log says why, under ${request.id}`, instance);
  if (error instanceof Refusal) {
    const revision = currentRevision(error);
    if (revision !== undefined && revision >= 0n) void reply.header('ETag', `"${revision}"`);
  }
  if (answer.status === 503 || answer.code === 'CONTENDED') void reply.header('Retry-After', String(RETRY_AFTER_SECONDS));
  void reply.status(answer.status).header('content-type', `${PROBLEM_JSON}; charset=utf-8`).send(JSON.stringify(answer));
};
