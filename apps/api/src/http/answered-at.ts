import type { FastifyReply } from 'fastify';

/** Of which place in the log an answer is, in the headers, and for the body: as text, since it is larger than a double holds exactly. */
export const answeredAt = (reply: FastifyReply, position: bigint): Readonly<{ position: string }> => {
  const text = position.toString();
  void reply.header('Faultline-Position', text);
  return { position: text };
};

/** The same of one stream: its revision is the ETag. */
export const answeredAtRevision = (
  reply: FastifyReply,
  { revision, position }: Readonly<{ revision: bigint; position: bigint }>,
): Readonly<{ revision: number; position: string }> => {
  void reply.header('ETag', `"${revision}"`);
  return { revision: Number(revision), ...answeredAt(reply, position) };
};
