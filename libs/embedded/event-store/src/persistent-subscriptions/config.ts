import type { EventLog } from '../log/event-log.js';
import { systemEvent, type Writing } from '../log/writing.js';
import type { FilterDescription } from '../wire/filter.js';
import { record } from './bookkeeping.js';
import type { GroupDefinition } from './group.js';
import { placeOf, placeText } from './settings.js';

const STREAM = '$persistentSubscriptionConfig';
const VERSION = '2';

/** A group as it stands in the configuration: a real server's words, and what it does not keep. */
type Entry = Readonly<{
  stream: string;
  group: string;
  filter?: FilterDescription;
  resolveLinkTos: boolean;
  extraStatistics: boolean;
  messageTimeout: number;
  startPosition: string;
  /** The first place as a number: where the end was when the group was made. */
  firstPlace: number;
  liveBufferSize: number;
  historyBufferSize: number;
  maxRetryCount: number;
  readBatchSize: number;
  checkPointAfter: number;
  minCheckPointCount: number;
  maxCheckPointCount: number;
  maxSubscriberCount: number;
  namedConsumerStrategy: string;
}>;

const entryOf = ({ groupName, source, settings, firstPlace }: GroupDefinition): Entry => ({
  stream: source.streamName,
  group: groupName,
  ...(source.filter && { filter: source.filter }),
  resolveLinkTos: settings.resolveLinks,
  extraStatistics: settings.extraStatistics,
  messageTimeout: settings.messageTimeoutMs,
  startPosition: placeText(source.streamName, settings.startFrom),
  firstPlace,
  liveBufferSize: settings.liveBufferSize,
  historyBufferSize: settings.historyBufferSize,
  maxRetryCount: settings.maxRetryCount,
  readBatchSize: settings.readBatchSize,
  checkPointAfter: settings.checkpointAfterMs,
  minCheckPointCount: settings.minCheckpointCount,
  maxCheckPointCount: settings.maxCheckpointCount,
  maxSubscriberCount: settings.maxSubscriberCount,
  namedConsumerStrategy: settings.strategy,
});

const definitionOf = (entry: Entry): GroupDefinition => ({
  groupName: entry.group,
  source: { streamName: entry.stream, ...(entry.filter && { filter: entry.filter }) },
  firstPlace: entry.firstPlace,
  settings: {
    startFrom: placeOf(entry.startPosition) ?? 'start',
    resolveLinks: entry.resolveLinkTos,
    extraStatistics: entry.extraStatistics,
    messageTimeoutMs: entry.messageTimeout,
    maxRetryCount: entry.maxRetryCount,
    checkpointAfterMs: entry.checkPointAfter,
    minCheckpointCount: entry.minCheckPointCount,
    maxCheckpointCount: entry.maxCheckPointCount,
    maxSubscriberCount: entry.maxSubscriberCount,
    liveBufferSize: entry.liveBufferSize,
    readBatchSize: entry.readBatchSize,
    historyBufferSize: entry.historyBufferSize,
    strategy: entry.namedConsumerStrategy,
  },
});

/** All groups, as they were written down last. */
export const loadGroups = (log: EventLog): GroupDefinition[] => {
  const event = log.lastEvent(STREAM);
  if (!event) return [];
  const { entries } = JSON.parse(event.data.toString()) as { entries: Entry[] };
  return entries.map(definitionOf);
};

/** Writes down all groups. Resolves when they are on disk. */
export const saveGroups = (writing: Writing, groups: readonly GroupDefinition[], updatedBy: string): Promise<void> => {
  const config = { version: VERSION, updated: new Date().toISOString(), updatedBy, entries: groups.map(entryOf) };
  return record(writing, STREAM, systemEvent('$PersistentConfig', JSON.stringify(config)));
};
