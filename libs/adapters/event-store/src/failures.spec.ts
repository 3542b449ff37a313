import { AccessDeniedError, CancelledError, UnavailableError, UnknownError } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { Unavailable, UnknownEvent } from '#kernel';
import { failureAt } from './failures.js';

const grpc = (code: number, details: string) => Object.assign(new Error(`${code}: ${details}`), { code, details }) as never;

describe('failureAt', () => {
  it.each([
    ['a server that is not there', new UnavailableError(grpc(14, 'No connection established'))],
    ['a call that the server ended', new CancelledError(grpc(1, 'Shutting down'))],
    ['a connection that broke', new UnknownError(grpc(13, 'Received RST_STREAM with code 2'))],
    ['a cluster that is not there', new Error('Failed to discover after 10 attempts.')],
    ['a channel that has just been dropped', new Error('Channel has been shut down')],
  ])('takes %s for unavailable', (_, error) => {
    const failure = failureAt('node-1:2113', error);
    expect(failure).toBeInstanceOf(Unavailable);
    expect(failure).toMatchObject({ message: `The event store at node-1:2113 cannot be reached: ${error.message}`, cause: error });
  });

  it('says that the credentials are refused', () => {
    expect(failureAt('node-1:2113', new AccessDeniedError(grpc(7, 'Access Denied')))).toMatchObject({
      message: 'The event store at node-1:2113 denies access: check the credentials and their rights',
    });
  });

  it.each([new UnknownEvent('X'), new UnknownError(grpc(2, 'Exception was thrown by handler.')), new TypeError('a fault of ours')])(
    'leaves %p what it is',
    (error) => {
      expect(failureAt('node-1:2113', error)).toBe(error);
    },
  );
});
