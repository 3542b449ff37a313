import { ALLOWANCE_UNITS } from '#domain/calendars';
import { HOLIDAY_FEED_LIMITS } from '#adapters/icalendar';
import { commandFields, type CommandAnswer } from '../http/command-answer.js';
import { pageFields, type PageAnswer } from '../schemas/page.js';
import {
  flag,
  instant,
  list,
  name,
  named,
  nullable,
  number,
  object,
  oneOf,
  position,
  text,
  whole,
  type FieldsOf,
} from '../schemas/schema.js';
import type { Deadline, DeadlineAnswer } from './get-deadline.js';
import type { MeasuredTime, ShownStretch } from './get-working-time.js';

const calendar = name('The calendar.', 'office-hours');

type WorkingTimeAnswer = Omit<MeasuredTime, 'next'> & PageAnswer<ShownStretch> & Readonly<{ calendar: string }>;

export const WORKING_TIME = named<WorkingTimeAnswer>(
  'WorkingTime',
  object<WorkingTimeAnswer>(
    {
      calendar,
      from: instant(),
      to: instant('Exclusive.'),
      elapsedSeconds: number('As time passes.'),
      businessSeconds: number('Of working time.'),
      businessDays: number('Of working days, to 6 decimals: a whole one is one, however short; half of its hours are half of it.'),
      ...pageFields(
        object<ShownStretch>(
          {
            from: instant(),
            to: instant('Exclusive.'),
            counts: flag('Whether it is working time.'),
            version: whole('The version of the calendar that says so.', { minimum: 1 }),
            why: text(undefined, { example: 'working hours (monday)' }),
          },
          'A stretch of time that counts, or does not.',
        ),
      ),
    },
    'How much time lies between two instants, and every stretch of it; the `Link` header leads to the next page of them.',
  ),
);

const deadline: FieldsOf<Deadline> = {
  amount: whole(undefined, { minimum: 1 }),
  unit: oneOf(ALLOWANCE_UNITS),
  inWords: text(undefined, { example: '1 business day' }),
  endsAt: nullable(instant('The first moment at which so much has passed. Null: it does not within 20 years.')),
  localTime: nullable(text('The same by the wall clock of the calendar.', { example: 'tuesday 2026-01-13 17:00 (Europe/Brussels)' })),
};

type DeadlineOf = DeadlineAnswer & Readonly<{ position: string; calendar: string }>;

export const DEADLINE = named<DeadlineOf>(
  'Deadline',
  object<DeadlineOf>(
    {
      position: position('Up to where in the log this is so.'),
      calendar,
      from: instant(),
      ...deadline,
      notTheSame: list(object<Deadline>(deadline), 'What it is easily taken for, and when that would end.'),
    },
    'When so much time has passed since an instant.',
  ),
);

type Day = Readonly<{ date: string; name: string }>;
type ImportAnswer = CommandAnswer & Readonly<{ id: string; feed: string; from: string; to: string; holidays: readonly Day[] }>;

export const HOLIDAYS_ANSWER = named<ImportAnswer>(
  'HolidayFeedAnswer',
  object<ImportAnswer>(
    {
      id: calendar,
      feed: name('What the feed is called here.', 'belgium'),
      from: text('The first day that was taken from it.', { example: '2026-01-01' }),
      to: text('The last one.', { example: '2027-12-31' }),
      holidays: list(
        object<Day>({ date: text(undefined, { example: '2026-12-25' }), name: name(undefined, 'Christmas') }),
        'The days off that the feed gives. One that the calendar had otherwise stays what it was.',
        HOLIDAY_FEED_LIMITS.holidays,
      ),
      ...commandFields,
    },
    'What a command did.',
  ),
);
