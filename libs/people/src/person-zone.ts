import { zoneOf, type Zone } from '#local-time';
import type { Person } from './person.js';

/**
 * The clocks that a person lives by.
 * @throws RangeError for a zone that this program does not know: one that a newer one has written
 */
export const zoneOfPerson = ({ timeZone }: Person): Zone => {
  const zone = zoneOf(timeZone);
  if (!zone) throw new RangeError(`There is no time zone ${timeZone}`);
  return zone;
};
