import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page } from '#kernel';
import { withoutStamps, type Reading } from '#read-models';
import type { PageAnswer } from '../schemas/page.js';
import { linkNext } from './links.js';

/** A page of a view, for whoever asked for it: where the next one is and of which position it is stand in the headers. */
export const answerPage = <Found extends object>(
  { value, position }: Reading<Page<Found>>,
  request: FastifyRequest,
  reply: FastifyReply,
): PageAnswer<Found> => {
  void reply.header('Faultline-Position', position.toString());
  if (value.next !== undefined) linkNext(request, reply, { cursor: value.next });
  return { position: position.toString(), items: value.items.map((item) => withoutStamps(item) as Found) };
};
