import { expect, it } from '@jest/globals';
import { LEASE_MS } from '#domain/notifications';
import { SEND_LIMIT_MS } from './channel.js';

it('a channel has given up long before the lease of an attempt runs out, even by a clock that is a minute ahead', () => {
  expect(LEASE_MS).toBeGreaterThan(SEND_LIMIT_MS + 60_000);
});
