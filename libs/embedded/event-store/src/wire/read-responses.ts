import type { Outgoing } from '../grpc/outgoing.js';
import { withStructuredId, type EventRecord } from '../log/record.js';
import { delimitedSize, encoded, numberFieldSize } from './protobuf.js';

/** The answers to reads and subscriptions: `ReadResp`, of `Streams` and of `PersistentSubscriptions`. */

/** What a read hands over: an event, the link it was found by, or a link whose target is gone. */
export type ResolvedEvent = Readonly<{ event?: EventRecord; link?: EventRecord }>;

/** How a client wants ids: as text, or as two numbers. */
export type IdForm = 'text' | 'structured';

const messageOf = (record: EventRecord, form: IdForm): Buffer => (form === 'text' ? record.message : withStructuredId(record));

/** Writes an event as it is stored, framed. @param retryCount how often it was handed over before, to a consumer group */
export const writeEvent = (out: Outgoing, { event, link }: ResolvedEvent, form: IdForm, retryCount?: number): void => {
  const eventMessage = event && messageOf(event, form);
  const linkMessage = link && messageOf(link, form);
  const position = (link ?? event)?.position ?? 0;
  const size =
    (eventMessage ? delimitedSize(eventMessage.length) : 0) +
    (linkMessage ? delimitedSize(linkMessage.length) : 0) +
    numberFieldSize(position) +
    (retryCount === undefined ? 0 : numberFieldSize(retryCount));
  const writer = out.begin(delimitedSize(size));
  writer.head(1, size);
  if (eventMessage) writer.bytesField(1, eventMessage);
  if (linkMessage) writer.bytesField(2, linkMessage);
  writer.numberField(3, position);
  if (retryCount !== undefined) writer.numberField(5, retryCount);
};

export const confirmationResponse = (subscriptionId: string): Buffer => encoded.message(2, encoded.text(1, subscriptionId));
export const checkpointResponse = (position: number): Buffer =>
  encoded.message(3, encoded.number(1, position), encoded.number(2, position));
export const streamNotFoundResponse = (streamName: string): Buffer => encoded.message(4, encoded.message(1, encoded.text(3, streamName)));
export const caughtUpResponse = (): Buffer => encoded.message(8);
export const fellBehindResponse = (): Buffer => encoded.message(9);
