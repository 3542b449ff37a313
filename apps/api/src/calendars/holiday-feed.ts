import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { FeedHolidays } from '#domain/calendars';
import { HOLIDAY_FEED_LIMITS, readHolidays } from '#adapters/icalendar';
import { InvalidInput } from '#kernel';
import { ICALENDAR } from '../http/responses.js';

/** Below a calendar: the one route that reads iCalendar. */
export const HOLIDAY_FEED_ROUTE = 'holiday-feeds/:feed';

/** Lets a server read the bodies of that route, up to the size of a feed, and refuse iCalendar everywhere else. */
export const readICalendar = (server: FastifyInstance): void => {
  server.addContentTypeParser(ICALENDAR, { parseAs: 'string', bodyLimit: HOLIDAY_FEED_LIMITS.sizeBytes }, (request, body, done) => {
    if (request.routeOptions.url?.endsWith(HOLIDAY_FEED_ROUTE)) done(null, body);
    else done(new UnsupportedMediaTypeException());
  });
};

/** Which days are taken from a feed. */
export type AskedDays = Readonly<{ feed: string; from?: string; to?: string; now: string }>;

/**
 * The days off that a feed gives: of this year and the next, where nothing is said.
 * @throws UnsupportedMediaTypeException where the body is none; InvalidInput ICALENDAR_INVALID, HOLIDAY_WINDOW_INVALID, HOLIDAYS_NONE
 */
export const holidaysIn = (body: unknown, { feed, now, ...asked }: AskedDays): FeedHolidays => {
  if (typeof body !== 'string') throw new UnsupportedMediaTypeException();
  const year = new Date(now).getUTCFullYear();
  const { from = `${year}-01-01`, to = `${year + 1}-12-31` } = asked;
  const holidays = readHolidays(body, { feed, from, to });
  if (holidays.length === 0) {
    const message = `The feed has no whole day off from ${from} to ${to}`;
    throw new InvalidInput('HOLIDAYS_NONE', message, [{ field: 'from', message }]);
  }
  return { feed, from, to, holidays };
};
