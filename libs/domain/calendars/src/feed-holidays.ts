import type { IsoDate } from '#domain/local-time';
import type { BusinessCalendar, Holiday } from './business-calendar.js';

/** What a feed says of the days from one to another, both included: each of its days off once. */
export type FeedHolidays = Readonly<{ feed: string; from: IsoDate; to: IsoDate; holidays: readonly Holiday[] }>;

/**
 * A calendar with the days off of a feed, as the feed has them now: those that the calendar had from it in that time give way. Days off by
 * hand or by other feeds stay, and so does what the feed said of other times; where the day is one of those already, it stays what it is.
 */
export const withFeedHolidays = (calendar: BusinessCalendar, { feed, from, to, holidays }: FeedHolidays): BusinessCalendar => {
  const kept = calendar.holidays.filter((holiday) => holiday.feed !== feed || holiday.date < from || holiday.date > to);
  const taken = new Set(kept.map(({ date }) => date));
  const all = [...kept, ...holidays.filter(({ date }) => !taken.has(date)).map(({ date, name }) => ({ date, name, feed }))];
  return { ...calendar, holidays: all.toSorted((one, other) => (one.date < other.date ? -1 : 1)) };
};
