import { ALL, type GroupSettings, type GroupSource } from '../persistent-subscriptions/settings.js';
import type { NackAction } from '../persistent-subscriptions/group.js';
import { idKey } from '../log/recent-ids.js';
import { invalidArgument } from '../rpc-error.js';
import { readStreamName, readUuid } from './append-requests.js';
import { readFilterOptions, type FilterDescription } from './filter.js';
import { MalformedMessage, Reader } from './protobuf.js';
import { placeNumber, readIdForm, readPosition, readStreamOptions, type From } from './read-requests.js';
import type { IdForm } from './read-responses.js';

/** The requests of `PersistentSubscriptions`. */

/** Which group is meant. */
export type GroupName = Readonly<{ streamName: string; groupName: string }>;

/** A group as it is to be. */
export type GroupRequest = Readonly<{ groupName: string; source: GroupSource; settings: GroupSettings }>;

const only = (message: Buffer): Reader => {
  const request = new Reader(message);
  while (request.next()) if (request.field === 1) return request.nested();
  throw new MalformedMessage();
};

const STRATEGY_NUMBERS = ['DispatchToSingle', 'RoundRobin', 'Pinned'] as const;
const strategyOfNumber = (number: number): string => STRATEGY_NUMBERS[number] ?? String(number);

const TICKS_PER_MS = 10_000;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type KeyOf<Value> = { [Key in keyof GroupSettings]: GroupSettings[Key] extends Value ? Key : never }[keyof GroupSettings];

/** The fields of `Settings`, by number: as they are, and in units of 100 ns, which older clients use. */
const FLAG_FIELDS: Readonly<Record<number, KeyOf<boolean>>> = { 1: 'resolveLinks', 3: 'extraStatistics' };
const NUMBER_FIELDS: Readonly<Record<number, KeyOf<number>>> = {
  5: 'maxRetryCount',
  7: 'minCheckpointCount',
  8: 'maxCheckpointCount',
  9: 'maxSubscriberCount',
  10: 'liveBufferSize',
  11: 'readBatchSize',
  12: 'historyBufferSize',
  14: 'messageTimeoutMs',
  15: 'checkpointAfterMs',
};
const TICK_FIELDS: Readonly<Record<number, KeyOf<number>>> = { 4: 'messageTimeoutMs', 6: 'checkpointAfterMs' };

const noSettings: GroupSettings = {
  startFrom: 'start',
  resolveLinks: false,
  extraStatistics: false,
  messageTimeoutMs: 0,
  maxRetryCount: 0,
  checkpointAfterMs: 0,
  minCheckpointCount: 0,
  maxCheckpointCount: 0,
  maxSubscriberCount: 0,
  liveBufferSize: 0,
  readBatchSize: 0,
  historyBufferSize: 0,
  strategy: STRATEGY_NUMBERS[0],
};

/** `Settings`. The start that older clients put there counts where there is no other. */
const readSettings = (message: Reader): GroupSettings => {
  const settings: Mutable<GroupSettings> = { ...noSettings };
  let strategyName = '';
  while (message.next()) {
    const { field } = message;
    const [flag, number, ticks] = [FLAG_FIELDS[field], NUMBER_FIELDS[field], TICK_FIELDS[field]];
    if (flag) settings[flag] = message.bool();
    else if (number) settings[number] = message.signed();
    else if (ticks) settings[ticks] = Math.floor(message.signed() / TICKS_PER_MS);
    else if (field === 2) settings.startFrom = placeNumber(message.number());
    else if (field === 13) settings.strategy = strategyOfNumber(message.number());
    else if (field === 16) strategyName = message.string();
  }
  return strategyName === '' ? settings : { ...settings, strategy: strategyName };
};

const readAllOptions = (options: Reader): Readonly<{ source: GroupSource; from: From }> => {
  let from: From = 'end';
  let filter: FilterDescription | undefined;
  while (options.next()) {
    if (options.field === 1) from = readPosition(options.nested());
    else if (options.field === 2) from = 'start';
    else if (options.field === 4) {
      const { on, regex, prefixes } = readFilterOptions(options.nested());
      filter = { on, regex, prefixes };
    }
  }
  return { source: { streamName: ALL, ...(filter && { filter }) }, from };
};

/** `CreateReq` and `UpdateReq`. */
export const readGroupRequest = (message: Buffer): GroupRequest => {
  const options = only(message);
  let groupName = '';
  let streamName: string | undefined;
  let settings = noSettings;
  let chosen: Readonly<{ source: GroupSource; from: From }> | undefined;
  while (options.next()) {
    if (options.field === 1) streamName = readStreamName(options.nested());
    else if (options.field === 2) groupName = options.string();
    else if (options.field === 3) settings = readSettings(options.nested());
    else if (options.field === 4) {
      const stream = readStreamOptions(options.nested());
      chosen = { source: { streamName: stream.streamName }, from: stream.from };
    } else if (options.field === 5) chosen = readAllOptions(options.nested());
  }
  if (groupName === '') throw invalidArgument('A group has a name');
  if (chosen) return { groupName, source: chosen.source, settings: { ...settings, startFrom: chosen.from } };
  if (streamName === undefined) throw invalidArgument('A group is of a stream or of $all');
  return { groupName, source: { streamName }, settings };
};

/** The fields of the messages that name a group: each message numbers them in its own way. */
type NameFields = Readonly<{ stream: number; all: number; group: number }>;

/** Reads a group's name, and hands over what else is there. */
const readName = (options: Reader, fields: NameFields, other: (options: Reader) => void = () => undefined): GroupName => {
  let groupName = '';
  let streamName: string | undefined;
  while (options.next()) {
    if (options.field === fields.stream) streamName = readStreamName(options.nested());
    else if (options.field === fields.all) streamName = ALL;
    else if (options.field === fields.group) groupName = options.string();
    else other(options);
  }
  if (streamName === undefined) throw invalidArgument('A group is of a stream or of $all');
  return { streamName, groupName };
};

export const readDeleteRequest = (message: Buffer): GroupName => readName(only(message), { stream: 1, all: 3, group: 2 });

export const readInfoRequest = (message: Buffer): GroupName => readName(only(message), { stream: 1, all: 2, group: 3 });

/** `ReplayParkedReq`. `stopAt` is absent where all is to be replayed. */
export const readReplayRequest = (message: Buffer): GroupName & Readonly<{ stopAt?: number }> => {
  let stopAt: number | undefined;
  const name = readName(only(message), { stream: 2, all: 3, group: 1 }, (options) => {
    if (options.field === 4) stopAt = options.signed();
  });
  return { ...name, ...(stopAt !== undefined && { stopAt }) };
};

/** `ListReq`: of which stream; of all of them where it is absent. */
export const readListRequest = (message: Buffer): string | undefined => {
  const options = only(message);
  while (options.next()) {
    if (options.field !== 2) continue;
    const of = options.nested();
    while (of.next()) {
      if (of.field === 1) return readStreamName(of.nested());
      if (of.field === 2) return ALL;
    }
  }
  return undefined;
};

/** What a consumer says: who it is, first; then how it answers messages, by their ids. */
export type ConsumerMessage =
  | (GroupName & Readonly<{ kind: 'connect'; bufferSize: number; idForm: IdForm }>)
  | Readonly<{ kind: 'ack'; ids: readonly string[] }>
  | Readonly<{ kind: 'nack'; ids: readonly string[]; action: NackAction; reason: string }>;

const ACTIONS: readonly NackAction[] = ['unknown', 'park', 'retry', 'skip', 'stop'];

const readConnect = (options: Reader): ConsumerMessage => {
  let bufferSize = 0;
  let idForm: IdForm = 'text';
  const name = readName(options, { stream: 1, all: 5, group: 2 }, (other) => {
    if (other.field === 3) bufferSize = other.signed();
    else if (other.field === 4) idForm = readIdForm(other.nested());
  });
  return { kind: 'connect', ...name, bufferSize, idForm };
};

const readAnswer = (answer: Reader, kind: 'ack' | 'nack'): ConsumerMessage => {
  const ids: string[] = [];
  let action: NackAction = 'unknown';
  let reason = '';
  while (answer.next()) {
    if (answer.field === 2) ids.push(idKey(readUuid(answer.nested())));
    else if (answer.field === 3) action = ACTIONS[answer.number()] ?? 'unknown';
    else if (answer.field === 4) reason = answer.string();
  }
  return kind === 'ack' ? { kind, ids } : { kind, ids, action, reason };
};

/** `ReadReq`, of persistent subscriptions. */
export const readConsumerMessage = (message: Buffer): ConsumerMessage => {
  const request = new Reader(message);
  while (request.next()) {
    if (request.field === 1) return readConnect(request.nested());
    if (request.field === 2) return readAnswer(request.nested(), 'ack');
    if (request.field === 3) return readAnswer(request.nested(), 'nack');
  }
  throw new MalformedMessage();
};
