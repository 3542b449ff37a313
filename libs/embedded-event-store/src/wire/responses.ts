import type { StoredEvent } from '../log/record.js';
import { delimitedSize, uint64FieldSize, Writer } from './protobuf.js';

/** A read's answers (`ReadResp`), framed by hand around stored events. */
const [EVENT, CONFIRMATION, CHECKPOINT, STREAM_NOT_FOUND, CAUGHT_UP, FELL_BEHIND] = [1, 2, 3, 4, 8, 9];
const [READ_EVENT, READ_LINK, READ_COMMIT_POSITION, READ_NO_POSITION] = [1, 2, 3, 4];

/** What a read hands over: an event, the link it was found by, or a link whose target is gone. */
export type ResolvedEvent = Readonly<{ event?: StoredEvent; link?: StoredEvent }>;

export const eventResponse = ({ event, link }: ResolvedEvent): Buffer => {
  const position = (link ?? event)?.position;
  const inner =
    (event ? delimitedSize(event.message.length) : 0) +
    (link ? delimitedSize(link.message.length) : 0) +
    (position === undefined ? delimitedSize(0) : uint64FieldSize(position));
  const writer = new Writer(Buffer.allocUnsafe(delimitedSize(inner)));
  writer.head(EVENT as number, inner);
  if (event) writer.bytesField(READ_EVENT as number, event.message);
  if (link) writer.bytesField(READ_LINK as number, link.message);
  if (position === undefined) writer.head(READ_NO_POSITION as number, 0);
  else writer.uint64Field(READ_COMMIT_POSITION as number, position);
  return writer.buffer;
};

const nested = (field: number, content: (writer: Writer) => void, size: number): Buffer => {
  const writer = new Writer(Buffer.allocUnsafe(delimitedSize(size)));
  writer.head(field, size);
  content(writer);
  return writer.buffer;
};

export const confirmationResponse = (subscriptionId: string): Buffer => {
  const id = Buffer.from(subscriptionId);
  return nested(CONFIRMATION as number, (writer) => writer.bytesField(1, id), delimitedSize(id.length));
};

export const checkpointResponse = (position: bigint): Buffer =>
  nested(
    CHECKPOINT as number,
    (writer) => {
      writer.uint64Field(1, position);
      writer.uint64Field(2, position);
    },
    uint64FieldSize(position) * 2,
  );

export const streamNotFoundResponse = (streamName: string): Buffer => {
  const name = Buffer.from(streamName);
  const size = delimitedSize(name.length);
  return nested(
    STREAM_NOT_FOUND as number,
    (writer) => {
      writer.head(1, size);
      writer.bytesField(3, name);
    },
    delimitedSize(size),
  );
};

export const caughtUpResponse = (): Buffer => nested(CAUGHT_UP as number, () => undefined, 0);
export const fellBehindResponse = (): Buffer => nested(FELL_BEHIND as number, () => undefined, 0);
