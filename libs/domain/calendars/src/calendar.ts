import { effectiveDated, eventCatalogue, type DefinitionEvent } from '#kernel';
import type { BusinessCalendar } from './business-calendar.js';

/** A calendar's stream: `calendar-office-hours`. */
export const CALENDAR_STREAM_PREFIX = 'calendar-';

export type CalendarEvent = DefinitionEvent<'Calendar', BusinessCalendar>;

export const calendarCatalogue = eventCatalogue<CalendarEvent>({
  CalendarDefined: { storedName: 'CalendarDefined' },
  CalendarRetired: { storedName: 'CalendarRetired' },
});

/** How calendars are defined and retired. */
export const calendars = effectiveDated<'Calendar', BusinessCalendar>('Calendar');
