import { DAY_MS, dayOf, MINUTE_MS, minutesOf, type DayNumber, type Zone } from '#local-time';
import { zoneOfPerson } from './person-zone.js';
import type { Person } from './person.js';

/** Yesterday's quiet hours may reach into today; tomorrow's digest is the next one where today's has come. */
const DAYS_AROUND = [-1, 0, 1];

const onDay = (zone: Zone, day: DayNumber, time: string): number => zone.instantOf(day * DAY_MS + (minutesOf(time) as number) * MINUTE_MS);

/** When the quiet hours end that somebody has at this instant; `undefined` where they have none then. Instants are ISO 8601, UTC. */
export const quietUntil = (person: Person, instant: string): string | undefined => {
  const { quietHours } = person.notices;
  if (!quietHours) return undefined;
  const { from, to } = quietHours;
  const [zone, ms] = [zoneOfPerson(person), Date.parse(instant)];
  const lastsOvernight = to < from ? 1 : 0;
  const today = dayOf(zone.wallOf(ms));
  const ends = DAYS_AROUND.map((n) => today + n)
    .filter((day) => onDay(zone, day, from) <= ms)
    .map((day) => onDay(zone, day + lastsOvernight, to))
    .find((endMs) => endMs > ms);
  return ends === undefined ? undefined : new Date(ends).toISOString();
};

/** When somebody's next daily digest is due, later than this instant; `undefined` where they want none. Instants are ISO 8601, UTC. */
export const nextDigestAt = (person: Person, instant: string): string | undefined => {
  const { dailyDigestAt } = person.notices;
  if (dailyDigestAt === undefined) return undefined;
  const [zone, ms] = [zoneOfPerson(person), Date.parse(instant)];
  const today = dayOf(zone.wallOf(ms));
  const next = DAYS_AROUND.map((n) => onDay(zone, today + n, dailyDigestAt)).find((at) => at > ms) as number;
  return new Date(next).toISOString();
};
