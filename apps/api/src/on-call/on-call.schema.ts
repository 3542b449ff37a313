import type { ShiftSource } from '#domain/on-call';
import { commandFields, type CommandAnswer } from '../http/command-answer.js';
import { pageFields, type PageAnswer } from '../schemas/page.js';
import { instant, list, name, named, nullable, object, oneOf, position, taggedBy, text, whole } from '../schemas/schema.js';
import type { FieldsOf, Schema } from '../schemas/schema.js';
import { MOST_SHOWN, type Coverage, type ShownDoubleBooking, type ShownGap } from './get-coverage.js';
import type { OnCallNow } from './get-on-call.js';
import type { ShownShift } from './shown-shift.js';

type SourceOf<Kind extends ShiftSource['kind']> = Extract<ShiftSource, { kind: Kind }>;

const SOURCE = taggedBy<ShiftSource>(
  'kind',
  {
    rotation: named(
      'ShiftByRotation',
      object<SourceOf<'rotation'>>({ kind: oneOf(['rotation']), layer: name(undefined, 'Weeks') }, 'It is their turn.'),
    ),
    override: named(
      'ShiftByOverride',
      object<SourceOf<'override'>>(
        { kind: oneOf(['override']), overrideId: name(undefined, 'o-1'), reason: text() },
        'They were put there.',
      ),
    ),
    swap: named(
      'ShiftBySwap',
      object<SourceOf<'swap'>>({ kind: oneOf(['swap']), swapId: name(undefined, 's-1') }, 'They took it from somebody else.'),
    ),
  },
  'What says so.',
);

const schedule = name('The schedule.', 'payments');
const person = name('Who.', 'els-jacobs');
const period: FieldsOf<Readonly<{ from: string; to: string }>> = { from: instant(), to: instant('Exclusive.') };

const SHIFT = named<ShownShift>(
  'Shift',
  object<ShownShift>(
    {
      schedule,
      person,
      ...period,
      version: whole('The version of the schedule that gives it.', { minimum: 1 }),
      source: SOURCE,
      why: text(undefined, { example: 'els-jacobs has the turn in layer Weeks' }),
    },
    'A stretch of time in which one person is on call: whole, also where it reaches beyond what was asked for.',
  ),
);

export const SHIFT_PAGE = named<PageAnswer<ShownShift>>(
  'ShiftPage',
  object<PageAnswer<ShownShift>>(pageFields(SHIFT), 'A page of shifts, by when they begin; the `Link` header leads to the next one.'),
);

type OnCallAnswer = PageAnswer<OnCallNow> & Readonly<{ at: string }>;

export const ON_CALL = named<OnCallAnswer>(
  'OnCall',
  object<OnCallAnswer>(
    {
      at: instant('The instant that it is of.'),
      ...pageFields(
        object<OnCallNow>({
          schedule,
          name: nullable(name('What people call it. Null: it is not in use then.')),
          shift: nullable(SHIFT),
          why: text('Why it is this person, or nobody.'),
        }),
      ),
    },
    'Who is on call at an instant, by schedule; the `Link` header leads to the next page.',
  ),
);

const why = text(undefined, { example: 'Nobody is on call from monday 2026-01-05 09:00 to tuesday 2026-01-06 09:00 (Europe/Berlin)' });

type CoverageAnswer = Omit<Coverage, 'position'> & Readonly<{ position: string }>;

export const COVERAGE = named<CoverageAnswer>(
  'Coverage',
  object<CoverageAnswer>(
    {
      position: position('Up to where in the log this is so.'),
      ...period,
      gaps: list(
        object<ShownGap>({ schedule, ...period, why }, 'A schedule is in use, and nobody is on call.'),
        `By when they begin: the first ${MOST_SHOWN}.`,
        MOST_SHOWN,
      ),
      gapsTotal: whole(),
      doubleBookings: list(
        object<ShownDoubleBooking>(
          {
            kind: oneOf(['two-schedules', 'absent']),
            person,
            schedules: list(schedule, 'Both, or the one in which they are on call while they are absent.', 2),
            ...period,
            why,
          },
          'Somebody is on call, and cannot answer as they should.',
        ),
        `By when they begin: the first ${MOST_SHOWN}.`,
        MOST_SHOWN,
      ),
      doubleBookingsTotal: whole(),
    },
    'What is wrong with the turns of a period.',
  ),
);

export const FEED: Schema<string> = text('An iCalendar (RFC 5545): one event a shift, always under the same UID.');

type Arranged = CommandAnswer & Readonly<{ id: string }>;
type OverrideAnswer = Arranged & Readonly<{ overrideId: string }>;
type SwapAnswer = Arranged & Readonly<{ swapId: string }>;

export const OVERRIDE_ANSWER = named<OverrideAnswer>(
  'OverrideAnswer',
  object<OverrideAnswer>({ id: schedule, overrideId: name('Take it away under this id.', 'o-1'), ...commandFields }, 'What a command did.'),
);

export const SWAP_ANSWER = named<SwapAnswer>(
  'SwapAnswer',
  object<SwapAnswer>({ id: schedule, swapId: name(undefined, 's-1'), ...commandFields }, 'What a command did.'),
);
