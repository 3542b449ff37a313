import {
  andThen,
  effectiveDated,
  eventCatalogue,
  isRecord,
  listOf,
  partsOf,
  readerOf,
  setOf,
  someOf,
  type Check,
  type DefinitionEvent,
} from '#kernel';
import { DAY_MINUTES, endTimeOfDay, lengthOfHours, minutesOf, timeOfDay, WEEKDAYS, type Weekday } from '#domain/local-time';
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

/** Who has said nothing is told by mail, at once. */
export const DEFAULT_NOTICE_PREFERENCES: NoticePreferences = { channels: ['email'], quietHours: [], digestAt: [] };

const WEEK_MINUTES = 7 * DAY_MINUTES;

/** From when to when is told of the whole stretch: neither time is wrong by itself. */
const stretch: Check = (value, field) => {
  const { from, to } = isRecord(value) ? value : {};
  const areTimes = timeOfDay(from, field).length === 0 && endTimeOfDay(to, field).length === 0;
  return [
    ...partsOf<QuietHours>({ days: someOf(WEEKDAYS, { min: 1 }), from: () => [], to: () => [] })(value, field),
    ...(areTimes ? [] : [{ field, message: 'is from one time to another, as 22:00 to 07:00' }]),
  ];
};

const minutesQuiet = (stretches: readonly QuietHours[]): number => {
  const quiet = new Set<number>();
  for (const each of stretches) {
    for (const day of each.days) {
      const begins = WEEKDAYS.indexOf(day) * DAY_MINUTES + (minutesOf(each.from) as number);
      for (let minute = begins; minute < begins + lengthOfHours(each); minute++) quiet.add(minute % WEEK_MINUTES);
    }
  }
  return quiet.size;
};

/**
 * Preferences from a request or a file. Without channels they come by mail; without quiet hours there are none, without times of digests each
 * update comes by itself.
 * @throws InvalidInput NOTICE_PREFERENCES_INVALID, with every fault (the reader does)
 */
export const parseNoticePreferences = readerOf<NoticePreferences>({
  code: 'NOTICE_PREFERENCES_INVALID',
  noun: 'set of notice preferences',
  fields: {
    channels: someOf(NOTICE_CHANNELS, { min: 1 }),
    quietHours: andThen(listOf(stretch, { max: PREFERENCES_LIMITS.quietHours }), (stretches: readonly QuietHours[], field) =>
      minutesQuiet(stretches) < WEEK_MINUTES ? [] : [{ field, message: 'leave some time of the week: what waits for ever never comes' }],
    ),
    digestAt: setOf(timeOfDay, { max: PREFERENCES_LIMITS.digestAt }),
  },
  defaults: DEFAULT_NOTICE_PREFERENCES,
});
