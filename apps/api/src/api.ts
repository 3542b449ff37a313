import { VersioningType, type DynamicModule, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { randomUUID } from 'node:crypto';
import { LINK_LIMITS } from '#domain/one-time-links';
import { ApiModule, type ApiParts } from './api.module.js';
import { readICalendar } from './calendars/holiday-feed.js';
import { Metrics } from './health/metrics.controller.js';
import { ProblemFilter, sendProblem } from './problems/problem.filter.js';
import { refuseForms } from './http/forms.js';
import { validation } from './http/validation.js';
import { openApi } from './openapi.js';
import type { ApiOptions } from './options.js';

const REQUEST_TIMEOUT_MS = 30_000;
/** Longest path parameter, in characters: the token of a link is the longest. */
const MAX_PARAMETER_LENGTH = LINK_LIMITS.tokenLength;
const CORRELATION_ID = /^[\w.:-]{1,128}$/;

/** A caller's own correlation id, where it is one; else a new one. It comes back with the answer, and stands in every event. */
const correlationIdOf = (request: { headers: Record<string, string | string[] | undefined> }): string => {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
};

/** Nest's own words, through the program's logger. */
const nestLogger = (logger: Logger): LoggerService => ({
  log: (message: unknown, context?: string) => logger.debug({ context }, String(message)),
  warn: (message: unknown, context?: string) => logger.warn({ context }, String(message)),
  error: (message: unknown, stack?: string, context?: string) => logger.error({ context, stack }, String(message)),
  debug: (message: unknown, context?: string) => logger.debug({ context }, String(message)),
  verbose: (message: unknown, context?: string) => logger.trace({ context }, String(message)),
});

/** The same logger, for Fastify: it tells of every request at `info`, which metrics do better. */
const quiet = (logger: Logger): Logger => logger.child({}, { level: logger.isLevelEnabled('info') ? 'warn' : logger.level });

export type CreateApi = Readonly<{
  options: ApiOptions;
  parts: ApiParts;
  logger: Logger;
  /** Other roles that run in the same process. */
  roles?: readonly DynamicModule[];
}>;

/** Builds the HTTP edge, ready to listen. Whoever made it closes it. */
export const createApi = async ({ options, parts, logger, roles = [] }: CreateApi): Promise<NestFastifyApplication> => {
  const adapter = new FastifyAdapter({
    loggerInstance: quiet(logger),
    bodyLimit: options.settings.bodyLimitBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    genReqId: correlationIdOf as never,
    // what fails before a route is found, such as a path that cannot be decoded
    frameworkErrors: sendProblem as never,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    forceCloseConnections: true,
  });
  const module = { module: class Program {}, imports: [ApiModule.register(options, parts), ...roles] };
  const app = await NestFactory.create<NestFastifyApplication>(module as never, adapter as never, {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    void reply.headers({
      'X-Correlation-Id': request.id,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    done();
  });
  server.addHook('onRequest', refuseForms as never);
  app.get(Metrics).observe(server as never);
  readICalendar(server as never);
  app.setGlobalPrefix('api', { exclude: ['health', 'health/live', 'health/ready', 'metrics', 'docs/problems', 'confirm/:token'] });
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter());
  if (parts.incidents) {
    const documents = {
      jsonDocumentUrl: 'docs-json',
      customSiteTitle: 'Faultline API',
      ui: parts.pages,
      raw: ['json'] as 'json'[],
      // the page would have a server elsewhere check the document, and tell it our address
      swaggerOptions: { validatorUrl: 'none' },
    };
    SwaggerModule.setup('docs', app, () => openApi(app), documents);
  }
  await app.init();
  return app;
};
