import { commandFields, type CommandAnswer } from '../http/command-answer.js';
import { pageFields, type PageAnswer } from '../schemas/page.js';
import { flag, instant, name, named, nullable, object, oneOf, text, whole, wholeOrLess } from '../schemas/schema.js';
import type { ShownPresence } from './get-presence.js';
import type { Workload } from './get-workloads.js';

const person = name('Who.', 'els-jacobs');
const called = nullable(name('What they are called. Null: they are not in use then.', 'Els Jacobs'));

type PresenceAnswer = PageAnswer<ShownPresence> & Readonly<{ at: string; summary: string }>;

export const PRESENCE = named<PresenceAnswer>(
  'PresencePage',
  object<PresenceAnswer>(
    {
      at: instant('The instant that it is of.'),
      summary: text('How many are there of how many, over all pages; where there is nobody, why.', {
        example: 'There at 2026-01-31T08:00:00.000Z: 3 of 5',
      }),
      ...pageFields(
        object<ShownPresence>({
          person,
          name: called,
          present: flag(),
          cause: nullable(oneOf(['not-in-use', 'absent', 'outside-working-hours'], 'Null: they are there.')),
          until: nullable(instant('When that ends. Null: they are there, or it is not known to end.')),
          why: nullable(text('In words. Null: they are there.', { example: 'absent (Holiday) until 2030-07-15T06:00Z' })),
        }),
      ),
    },
    'Who is there at an instant; the `Link` header leads to the next page.',
  ),
);

type WorkloadAnswer = PageAnswer<Workload> & Readonly<{ settled: boolean; summary: string }>;

export const WORKLOADS = named<WorkloadAnswer>(
  'WorkloadPage',
  object<WorkloadAnswer>(
    {
      settled: flag('false: batches kept being written meanwhile, so that it may show a moment more than the position says.'),
      summary: text('How much the people of this page hold; where there is nobody, why.', {
        example: 'No open incident is held by any of these 5',
      }),
      ...pageFields(
        object<Workload>({
          person,
          name: called,
          present: flag('Now.'),
          open: whole('Open incidents that they hold.'),
          capacity: nullable(whole('How many they can hold. Null: any number.')),
          room: nullable(wholeOrLess('How many more they can hold; below 0, they hold too many. Null: any number.')),
        }),
      ),
    },
    'How much people hold; the `Link` header leads to the next page.',
  ),
);

type AbsenceAnswer = CommandAnswer & Readonly<{ id: string; absenceId: string }>;

export const ABSENCE_ANSWER = named<AbsenceAnswer>(
  'AbsenceAnswer',
  object<AbsenceAnswer>({ id: person, absenceId: name('End it under this id.', 'a-1'), ...commandFields }, 'What a command did.'),
);
