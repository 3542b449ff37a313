import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page } from '#kernel';
import { withoutStamps } from '#adapters/read-models';
import type { PageAnswer } from '../schemas/page.js';
import { answeredAt } from './answered-at.js';
import { linkNext } from './links.js';

/** What was found, and the place in the log that it is of. */
export type Found<Value> = Readonly<{ value: Value; position: bigint }>;

/** A page for whoever asked, in the headers and in the body. */
export const answerPage = <Item>(
  { value: { items, next }, position }: Found<Page<Item>>,
  request: FastifyRequest,
  reply: FastifyReply,
): PageAnswer<Item> => {
  if (next !== undefined) linkNext(request, reply, { cursor: next });
  return { ...answeredAt(reply, position), items };
};

/** A page of a view, as its documents are meant to be read: without the stamps that guard them. */
export const answerViewPage = <Item extends object>(
  { value: { items, ...rest }, position }: Found<Page<Item>>,
  request: FastifyRequest,
  reply: FastifyReply,
): PageAnswer<Item> =>
  answerPage({ value: { ...rest, items: items.map((item) => withoutStamps(item) as Item) }, position }, request, reply);
