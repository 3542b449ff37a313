import ICAL from 'ical.js';
import { faulty, shown } from './fault.js';

/** A property in jCal (RFC 7265): name, parameters, type, and one value or more. */
type JCalProperty = readonly [name: string, parameters: Readonly<Record<string, unknown>>, type: string, ...values: unknown[]];
/** A component in jCal: name, properties, components. */
type JCalComponent = readonly [name: string, properties: readonly JCalProperty[], components: readonly JCalComponent[]];

/** A property, and how it is called in an error. */
export type Property = Readonly<{ field: string; parameters: Readonly<Record<string, unknown>>; values: readonly unknown[] }>;

/** What is read of a component; names are in lower case, as jCal has them. */
export type Component = Readonly<{
  field: string;
  all: (name: string) => readonly Property[];
  first: (name: string) => Property | undefined;
  /** Its first value, where it is a text that says something. */
  text: (name: string) => string | undefined;
}>;

const componentOf = ([, properties]: JCalComponent, field: string): Component => {
  const all = (name: string): readonly Property[] =>
    properties
      .filter(([own]) => own === name)
      .map(([, parameters, , ...values]) => ({ field: `${field}.${name.toUpperCase()}`, parameters, values }));
  const first = (name: string) => all(name)[0];
  const text = (name: string) => {
    const value = first(name)?.values[0];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  return { field, all, first, text };
};

/** A VCALENDAR and its VEVENTs: all else in it is not read. */
export type Calendar = Readonly<{ calendar: Component; events: readonly Component[] }>;

const BYTE_ORDER_MARK = /^\uFEFF/;

const parse = (ics: string): unknown => {
  try {
    return ICAL.parse(ics.replace(BYTE_ORDER_MARK, ''));
  } catch (error) {
    const why = error instanceof TypeError ? 'one of its lines is broken' : shown((error as Error).message);
    throw faulty('text', `is no iCalendar (RFC 5545): ${why}`);
  }
};

/**
 * The calendars of an iCalendar text.
 * @throws InvalidInput ICALENDAR_INVALID
 */
export const parseCalendars = (ics: string): readonly Calendar[] => {
  const parsed = parse(ics);
  const calendars = (Array.isArray(parsed) && typeof parsed[0] === 'string' ? [parsed] : parsed) as readonly JCalComponent[];
  if (calendars.length === 0 || calendars.some(([name]) => name !== 'vcalendar')) {
    throw faulty('text', 'is no iCalendar (RFC 5545): it begins with BEGIN:VCALENDAR and ends with END:VCALENDAR');
  }
  return calendars.map((component) => ({
    calendar: componentOf(component, 'VCALENDAR'),
    events: component[2].filter(([name]) => name === 'vevent').map((event, n) => componentOf(event, `VEVENT[${n}]`)),
  }));
};
