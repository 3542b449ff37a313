import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page } from '#kernel';
import { withoutStamps, type Reading } from '#read-models';
import type { PageAnswer } from '../schemas/page.js';
import { linkNext } from './links.js';

/** What was found, and the place in the log that it is of. */
export type Found<Value> = Readonly<{ value: Value; position: bigint }>;

/** A page for whoever asked, in the headers and in the body. */
export const answerPage = <Item>(
  { value: { items, next }, position }: Found<Page<Item>>,
  request: FastifyRequest,
  reply: FastifyReply,
): PageAnswer<Item> => {
  void reply.header('Faultline-Position', position.toString());
  if (next !== undefined) linkNext(request, reply, { cursor: next });
  return { position: position.toString(), items };
};

/** The same for documents of a view: without what the view keeps beside them. */
export const answerView = <Item extends object>(
  reading: Reading<Page<Item>>,
  request: FastifyRequest,
  reply: FastifyReply,
): PageAnswer<Item> => {
  const { position, items } = answerPage(reading, request, reply);
  return { position, items: items.map((item) => withoutStamps(item) as Item) };
};
