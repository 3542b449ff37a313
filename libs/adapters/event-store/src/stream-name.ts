import { InvalidInput } from '#kernel';

/** Long enough for any prefix and id, short enough for an index. */
export const MAX_STREAM_NAME_LENGTH = 250;

const STREAM_NAME = /^[!-#%-~][!-~]*$/;

/**
 * A stream's name is printable ASCII without blanks (the server repeats it in gRPC trailers, which take no more), and begins with no `$`,
 * which marks the server's own streams.
 * @throws InvalidInput when it is not so, or empty, or longer than 250 characters
 */
export const checkStreamName = (streamName: string): void => {
  if (streamName.length <= MAX_STREAM_NAME_LENGTH && STREAM_NAME.test(streamName)) return;
  throw new InvalidInput(
    'STREAM_NAME_INVALID',
    `A stream is named by 1 to ${MAX_STREAM_NAME_LENGTH} printable ASCII characters, without blanks, the first of them not $`,
  );
};
