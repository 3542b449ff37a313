import { HOUR_MS, MINUTE_MS } from '#domain/local-time';

/** Formatters that are kept: making one takes far longer than using it. */
const KEPT = 256;

const kept = <Format>(make: (...of: string[]) => Format) => {
  const known = new Map<string, Format>();
  return (...of: string[]): Format => {
    const key = of.join(' ');
    let format = known.get(key);
    if (!format) {
      if (known.size >= KEPT) known.clear();
      known.set(key, (format = make(...of)));
    }
    return format;
  };
};

/** English of no country puts the day before the month and has 24 hours, as the rest of the world does. */
const localeOf = (language: string) => (language === 'en' ? 'en-GB' : language);

const dateFormat = kept(
  (language, timeZone) =>
    new Intl.DateTimeFormat(localeOf(language as string), {
      timeZone,
      weekday: 'short',
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    }),
);

const unitFormat = kept(
  (language, unit) => new Intl.NumberFormat(localeOf(language as string), { style: 'unit', unit, unitDisplay: 'long' }),
);

/** An instant (ISO 8601) as the clocks of a zone show it, with the zone's name: `Mon, 5 January 2026 at 10:31 CET`. */
export const dateText = (instant: string, language: string, timeZone: string): string =>
  dateFormat(language, timeZone).format(Date.parse(instant));

/** Milliseconds in hours and whole minutes: `26 hours 5 minutes`. There are no days, for some have 23 hours. What is over is `0 minutes`. */
export const durationText = (ms: number, language: string): string => {
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  const [hours, rest] = [Math.floor((minutes * MINUTE_MS) / HOUR_MS), minutes % (HOUR_MS / MINUTE_MS)];
  const parts: [number, string][] = [
    [hours, 'hour'],
    [rest, 'minute'],
  ];
  const told = parts.filter(([amount, unit]) => amount > 0 || (unit === 'minute' && hours === 0));
  return told.map(([amount, unit]) => unitFormat(language, unit).format(amount)).join(' ');
};
