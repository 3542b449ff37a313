import { InvalidInput } from '#kernel';

/** So much of what somebody else wrote is told in an error. */
const SHOWN_LENGTH = 120;

export const shown = (text: string): string => (text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);

/** What is wrong with a text that should be iCalendar: ICALENDAR_INVALID. */
export const faulty = (field: string, message: string): InvalidInput =>
  new InvalidInput('ICALENDAR_INVALID', `This calendar cannot be read: ${field} ${message}`, [{ field, message }]);
