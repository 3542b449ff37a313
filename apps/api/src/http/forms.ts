import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The configuration of a route that a page's form is sent to. */
export const TAKES_FORMS = { takesForms: true } as const;

const FORM = /^application\/x-www-form-urlencoded\b/i;

/** Nest reads forms on every route; the API takes JSON, and says so (a form can be sent from any page, without asking). */
export const refuseForms = (request: FastifyRequest, _: FastifyReply, done: (error?: Error) => void): void => {
  const { config } = request.routeOptions as { config?: { takesForms?: boolean; url?: string } };
  const isForm = FORM.test(request.headers['content-type'] ?? '');
  done(isForm && config?.url !== undefined && !config.takesForms ? new UnsupportedMediaTypeException() : undefined);
};
