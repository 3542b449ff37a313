import type { Consumer } from '../persistent-subscriptions/consumer.js';
import type { Group } from '../persistent-subscriptions/group.js';
import { placeText } from '../persistent-subscriptions/settings.js';
import { encoded } from './protobuf.js';

/** The answers of `PersistentSubscriptions`. */

export const consumerConfirmation = (streamName: string, groupName: string): Buffer =>
  encoded.message(2, encoded.text(1, `${streamName}::${groupName}`));

const connectionInfo = ({ options, rate, availableSlots, inFlight, answerTimes }: Consumer, extraStatistics: boolean): Buffer => {
  const { total, since, perSecond } = rate.measure();
  const measurements = extraStatistics ? answerTimes.measurements() : [];
  return encoded.message(
    4,
    encoded.text(2, options.username),
    encoded.number(3, perSecond),
    encoded.number(4, total),
    encoded.number(5, since),
    ...measurements.map(([name, ms]) => encoded.message(6, encoded.text(1, name), encoded.number(2, ms))),
    encoded.number(7, availableSlots),
    encoded.number(8, inFlight.size),
    encoded.text(9, options.connectionName),
  );
};

/** `SubscriptionInfo`, as field 1. */
export const groupInfo = (group: Group): Buffer => {
  const { definition, consumers, counts, rate, lastCheckpoint, lastKnown } = group;
  const { groupName, source, settings } = definition;
  const { streamName } = source;
  const placeOrNothing = (place: number | undefined) => (place === undefined ? '' : placeText(streamName, place));
  const { total, since, perSecond } = rate.measure();
  return encoded.message(
    1,
    encoded.text(1, streamName),
    encoded.text(2, groupName),
    encoded.text(3, group.isLive ? 'Live' : 'Behind'),
    ...consumers.map((consumer) => connectionInfo(consumer, settings.extraStatistics)),
    encoded.number(5, perSecond),
    encoded.number(6, total),
    encoded.number(7, since),
    encoded.text(8, placeOrNothing(lastCheckpoint)),
    encoded.text(9, placeOrNothing(lastKnown)),
    encoded.bool(10, settings.resolveLinks),
    encoded.text(11, placeText(streamName, settings.startFrom)),
    encoded.number(12, settings.messageTimeoutMs),
    encoded.bool(13, settings.extraStatistics),
    encoded.number(14, settings.maxRetryCount),
    encoded.number(15, settings.liveBufferSize),
    encoded.number(16, settings.historyBufferSize),
    encoded.number(17, settings.readBatchSize),
    encoded.number(18, settings.checkpointAfterMs),
    encoded.number(19, settings.minCheckpointCount),
    encoded.number(20, settings.maxCheckpointCount),
    encoded.number(21, counts.read),
    encoded.number(22, counts.live),
    encoded.number(23, counts.retry),
    encoded.number(24, counts.inFlight),
    encoded.number(25, counts.inFlight),
    encoded.text(26, settings.strategy),
    encoded.number(27, settings.maxSubscriberCount),
    encoded.number(28, group.parked.count),
  );
};
