import { RpcError, status, type StatusCode } from '../grpc/status.js';

/** What goes wrong with persistent subscriptions, in the server's own words. */

const groupError = (
  code: StatusCode,
  exception: string,
  streamName: string,
  groupName: string,
  message: string,
  more: Readonly<Record<string, string>> = {},
): RpcError => new RpcError(code, message, { exception, 'stream-name': streamName, 'group-name': groupName, ...more });

export const groupNotFound = (streamName: string, groupName: string): RpcError =>
  groupError(
    status.NOT_FOUND,
    'persistent-subscription-does-not-exist',
    streamName,
    groupName,
    `Subscription group ${groupName} on stream ${streamName} does not exist.`,
  );

export const groupExists = (streamName: string, groupName: string): RpcError =>
  groupError(
    status.ALREADY_EXISTS,
    'persistent-subscription-exists',
    streamName,
    groupName,
    `Subscription group ${groupName} on stream ${streamName} exists.`,
  );

export const groupFailed = (streamName: string, groupName: string, reason: string): RpcError =>
  groupError(
    status.INTERNAL,
    'persistent-subscription-failed',
    streamName,
    groupName,
    `Subscription group ${groupName} on stream ${streamName} failed: '${reason}'`,
    { reason },
  );

export const maximumSubscribersReached = (streamName: string, groupName: string): RpcError =>
  groupError(
    status.FAILED_PRECONDITION,
    'maximum-subscribers-reached',
    streamName,
    groupName,
    `Maximum subscriptions reached for subscription group ${groupName} on stream ${streamName}.`,
  );

export const groupDropped = (streamName: string, groupName: string): RpcError =>
  groupError(
    status.CANCELLED,
    'persistent-subscription-dropped',
    streamName,
    groupName,
    `Subscription group ${groupName} on stream ${streamName} was dropped.`,
  );
