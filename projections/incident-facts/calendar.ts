/** Where the months of one time zone begin. */
export type Calendar = Readonly<{
  /** The month an instant lies in, `YYYY-MM`. */
  month: (instant: string) => string;
}>;

const UTC: Calendar = { month: (instant) => instant.slice(0, 7) };

/** The calendar of an IANA time zone, by the engine's own tables; `undefined` where there is no such zone. */
export const calendarOf = (timeZone: string): Calendar | undefined => {
  if (timeZone === 'UTC') return UTC;
  try {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' });
    return {
      month: (instant) => {
        const parts = format.formatToParts(Date.parse(instant));
        const part = (type: 'year' | 'month') => parts.find((found) => found.type === type)?.value;
        return `${part('year')}-${part('month')}`;
      },
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
