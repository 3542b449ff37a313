import { effectiveDated, eventCatalogue, type DefinitionEvent, type FieldFault } from '#kernel';
import { minutesOf, WEEKDAYS, type Weekday } from '#local-time';
import { faultsOfStrangers, isRecord, refuseFaulty } from './faults.js';
import { NOTICE_CHANNELS, type NoticeChannel } from './notice.js';

/** A stretch of the week, by the wall clock, that begins on each of these days. Where `to` is not later than `from`, it ends on the next day. */
export type QuietHours = Readonly<{ days: readonly Weekday[]; from: string; to: string }>;

/** How somebody wants to be told. Times are by their own wall clock. A page heeds nothing but the channels. */
export type NoticePreferences = Readonly<{
  /** By which ways, all of them; the first one is the one that replies go by. */
  channels: readonly NoticeChannel[];
  /** When no update is to come: it waits for the end of them. */
  quietHours: readonly QuietHours[];
  /** Times of the day at which the updates since the last one come together, as `09:00`. None: each comes by itself. */
  digestAt: readonly string[];
}>;

export const PREFERENCES_LIMITS = { quietHours: 14, digestAt: 24 } as const;

/** The stream of a person's preferences: `preferences-lena`. */
export const NOTICE_PREFERENCES_STREAM_PREFIX = 'preferences-';

export type NoticePreferencesEvent = DefinitionEvent<'NoticePreferences', NoticePreferences>;

export const noticePreferencesCatalogue = eventCatalogue<NoticePreferencesEvent>({
  NoticePreferencesDefined: { storedName: 'NoticePreferencesDefined' },
  NoticePreferencesRetired: { storedName: 'NoticePreferencesRetired' },
});

/** How preferences are defined and retired; their id is the person's. */
export const noticePreferences = effectiveDated<'NoticePreferences', NoticePreferences>('NoticePreferences');

const WEEK_MINUTES = 7 * 1_440;

/** How long a stretch lasts, in minutes; `undefined` where it is none. */
const lengthOf = (from: unknown, to: unknown): number | undefined => {
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  if (begins === undefined || ends === undefined || begins === 1_440) return undefined;
  return ends > begins ? ends - begins : ends + 1_440 - begins;
};

const faultsOfQuietHours = (value: unknown): FieldFault[] => {
  if (!Array.isArray(value) || value.length > PREFERENCES_LIMITS.quietHours) {
    return [{ field: 'quietHours', message: `is a list of up to ${PREFERENCES_LIMITS.quietHours} stretches, each with days, from and to` }];
  }
  const faults: FieldFault[] = [];
  const quiet = new Set<number>();
  value.forEach((stretch: unknown, n) => {
    const field = `quietHours[${n}]`;
    const given = isRecord(stretch) ? stretch : {};
    const { days, from, to } = given;
    const areDays =
      Array.isArray(days) &&
      days.length > 0 &&
      days.every((day: unknown, at) => WEEKDAYS.includes(day as Weekday) && days.indexOf(day) === at);
    faults.push(...faultsOfStrangers(field, given, ['days', 'from', 'to']));
    if (!areDays) faults.push({ field: `${field}.days`, message: `is a list of weekdays, each once: ${WEEKDAYS.join(', ')}` });
    const length = lengthOf(from, to);
    if (length === undefined) faults.push({ field, message: 'is from one time to another, as 22:00 to 07:00' });
    if (!areDays || length === undefined) return;
    for (const day of days as Weekday[]) {
      const begins = WEEKDAYS.indexOf(day) * 1_440 + (minutesOf(from) as number);
      for (let minute = begins; minute < begins + length; minute++) quiet.add(minute % WEEK_MINUTES);
    }
  });
  if (faults.length === 0 && quiet.size === WEEK_MINUTES) {
    faults.push({ field: 'quietHours', message: 'leave some time of the week: what waits for ever never comes' });
  }
  return faults;
};

const faultsOfDigestAt = (value: unknown): FieldFault[] => {
  if (!Array.isArray(value) || value.length > PREFERENCES_LIMITS.digestAt) {
    return [{ field: 'digestAt', message: `is a list of up to ${PREFERENCES_LIMITS.digestAt} times of the day` }];
  }
  return value.flatMap((time: unknown, n): FieldFault[] => {
    const field = `digestAt[${n}]`;
    if (minutesOf(time) === undefined || time === '24:00') return [{ field, message: 'is a time of the day, as 09:00' }];
    return value.indexOf(time) < n ? [{ field, message: `repeats ${String(time)}` }] : [];
  });
};

/** Who has said nothing is told by mail, at once. */
export const DEFAULT_NOTICE_PREFERENCES: NoticePreferences = { channels: ['email'], quietHours: [], digestAt: [] };

const isChannels = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((channel: unknown, n) => (NOTICE_CHANNELS as readonly unknown[]).includes(channel) && value.indexOf(channel) === n);

/**
 * Preferences from a request or a file. Without channels they come by mail; without quiet hours there are none, without times of digests each
 * update comes by itself.
 * @throws InvalidInput NOTICE_PREFERENCES_INVALID, with every fault
 */
export const parseNoticePreferences = (input: unknown): NoticePreferences => {
  const given = isRecord(input) ? input : {};
  const { channels = DEFAULT_NOTICE_PREFERENCES.channels, quietHours = [], digestAt = [] } = given;
  refuseFaulty('NOTICE_PREFERENCES_INVALID', 'These are no preferences', [
    ...faultsOfStrangers('', given, ['channels', 'quietHours', 'digestAt']),
    ...(isChannels(channels) ? [] : [{ field: 'channels', message: `is a list of ${NOTICE_CHANNELS.join(', ')}, each once` }]),
    ...faultsOfQuietHours(quietHours),
    ...faultsOfDigestAt(digestAt),
  ]);
  return structuredClone({ channels, quietHours, digestAt }) as NoticePreferences;
};
