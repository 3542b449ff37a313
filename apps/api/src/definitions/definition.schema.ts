import type { Retirement, Version } from '#kernel';
import type { OnCallException, Override, PersonInterval, Swap } from '#domain/on-call';
import type { Absence } from '#domain/people';
import { commandFields, type CommandAnswer } from '../http/command-answer.js';
import { pageOf } from '../schemas/page.js';
import {
  anyObject,
  instant,
  list,
  name,
  named,
  nullable,
  object,
  oneOf,
  optional,
  position,
  taggedBy,
  text,
  whole,
  type FieldsOf,
} from '../schemas/schema.js';
import type { ShownDefinition, WholeDefinition } from './definition-queries.js';

const CONTENT = 'What it says, whole: its kind decides its fields.';
const versionNumber = whole('From 1 on.', { minimum: 1 });
const id = name('What other definitions call it.', 'office-hours');

const shown: FieldsOf<ShownDefinition> = {
  id,
  version: nullable(versionNumber),
  effectiveFrom: nullable(instant('From when on that version holds.')),
  definition: nullable(anyObject(`${CONTENT} Null: it does not hold at that instant, though something is said of it.`)),
  latestVersion: whole('The last version said, whether it holds already or not.'),
  retiredFrom: nullable(instant('From when on it is out of use.')),
};

/** A page of the definitions of one kind. */
export const DEFINITION_PAGE = pageOf<ShownDefinition>(
  'DefinitionPage',
  named('DefinitionAt', object<ShownDefinition>(shown, 'A definition as it holds at an instant.')),
);

const VERSION = named<Version<unknown>>(
  'DefinitionVersion',
  object<Version<unknown>>(
    { version: versionNumber, effectiveFrom: instant(), definition: anyObject(CONTENT) },
    'What was said to hold from an instant on.',
  ),
);

const ABSENCE = named<Absence>(
  'Absence',
  object<Absence>(
    { absenceId: name(), from: instant(), to: instant('When they are back; exclusive.'), reason: text() },
    'A person is away.',
  ),
);

const interval: FieldsOf<PersonInterval> = { person: name(), from: instant(), to: instant('Exclusive.') };

type ShownOverride = Override & Readonly<{ kind: 'override'; removedFrom?: string }>;
type ShownSwap = Swap & Readonly<{ kind: 'swap' }>;

const OVERRIDE = named<ShownOverride>(
  'OnCallOverride',
  object<ShownOverride>(
    {
      kind: oneOf(['override']),
      overrideId: name(),
      ...interval,
      reason: text(),
      addedBy: optional(name()),
      removedFrom: optional(instant('From then on it holds no longer.')),
    },
    'Somebody is on call for a while, whoever’s turn it is.',
  ),
);

const SWAP = named<ShownSwap>(
  'OnCallSwap',
  object<ShownSwap>(
    { kind: oneOf(['swap']), swapId: name(), first: object(interval), second: object(interval), reason: optional(text()) },
    'Two people take each other’s time.',
  ),
);

type DefinitionAnswer = Omit<WholeDefinition, 'revision'> &
  Readonly<{ revision: number; position: string; absences?: readonly Absence[]; exceptions?: readonly OnCallException[] }>;

/** One definition, whole. */
export const DEFINITION = named<DefinitionAnswer>(
  'Definition',
  object<DefinitionAnswer>(
    {
      ...shown,
      versions: list(VERSION, 'Everything that was ever said of it, oldest first.'),
      retirements: list(
        object<Retirement>({ version: versionNumber, effectiveFrom: instant() }),
        'From when on it went out of use, and which version was the last one until then.',
      ),
      absences: optional(list(ABSENCE, 'Of a person.')),
      exceptions: optional(
        list(taggedBy<OnCallException>('kind', { override: OVERRIDE, swap: SWAP }, 'A change of turns.'), 'Of an on-call schedule.'),
      ),
      revision: whole('The place of its last event in its history, from 0; the ETag.'),
      position: position('Up to where in the log this is so.'),
    },
    'A definition as it holds at an instant, and everything that was ever said of it.',
  ),
);

/** What a command did to which definition. */
export type DefinedAnswer = CommandAnswer & Readonly<{ id: string }>;

export const DEFINED = named<DefinedAnswer>(
  'DefinitionCommandAnswer',
  object<DefinedAnswer>({ id, ...commandFields }, 'What a command did.'),
);
