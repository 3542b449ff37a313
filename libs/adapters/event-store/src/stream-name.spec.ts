import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '#kernel';
import { checkStreamName, MAX_STREAM_NAME_LENGTH } from './stream-name.js';

describe('checkStreamName', () => {
  it.each(['incident-1', 'a', 'command-00000000-0000-8000-8000-000000000000', 'x'.repeat(MAX_STREAM_NAME_LENGTH), 'price-in-$'])(
    'takes %s',
    (name) => {
      expect(() => checkStreamName(name)).not.toThrow();
    },
  );

  it.each(['', '$all', '$$incident-1', 'two words', 'line\nbreak', 'Käfer', 'x'.repeat(MAX_STREAM_NAME_LENGTH + 1)])(
    'refuses %j',
    (name) => {
      expect(() => checkStreamName(name)).toThrow(InvalidInput);
    },
  );
});
