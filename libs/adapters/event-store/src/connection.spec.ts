import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '#kernel';
import { clientOf } from './connection.js';

describe('clientOf', () => {
  it.each([
    ['esdb://localhost:2113?tls=false', 'localhost:2113'],
    ['esdb://ada:pa%40ss@node-1:2113,node-2:2113/?tls=true', 'node-1:2113,node-2:2113'],
    ['esdb+discover://ada:secret@cluster.example.org', 'cluster.example.org'],
  ])('names the hosts of %s, and nobody', (connectionString, endpoint) => {
    expect(clientOf(connectionString).endpoint).toBe(endpoint);
  });

  it.each([
    '',
    'http://ada:secret@localhost:2113',
    'esdb://ada:secret@',
    'esdb://ada:secret@localhost:port',
    'esdb://ada:secret@localhost:1?tls=perhaps',
  ])('refuses %p without repeating a password', (connectionString) => {
    const connecting = () => clientOf(connectionString);
    expect(connecting).toThrow(InvalidInput);
    expect(connecting).toThrow(/^The connection string of the event store (?!.*secret)/);
  });
});
