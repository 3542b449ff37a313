import type { FastifyReply, FastifyRequest } from 'fastify';

/** `Link: <…>; rel="next"`, RFC 8288: the same question, from where this page ended. */
export const linkNext = (request: FastifyRequest, reply: FastifyReply, parameters: Readonly<Record<string, string>>): void => {
  const url = new URL(request.url, 'http://localhost');
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  url.searchParams.delete('after');
  void reply.header('Link', `<${url.pathname}${url.search}>; rel="next"`);
};
