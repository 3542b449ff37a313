import type { Actor, EventMetadata, Origin } from '#kernel';
import { incidentCatalogue, type IncidentEventType } from '#domain/incident';
import { UUID_PATTERN } from '../http/parameters.js';
import { instant, list, name, named, object, oneOf, optional, position, taggedBy, text, whole, type Schema } from '../schemas/schema.js';
import { dataFields } from '../schemas/event-data.js';
import type { EventJson } from './event-json.js';

const SHA256 = { pattern: '^[0-9a-f]{64}$' };
export const UUID = { pattern: UUID_PATTERN.source, example: '0b5c0e3e-6f0a-4c5e-9d57-0d3ad1d3a001' };

const ACTOR = named<Actor>(
  'Actor',
  object<Actor>(
    {
      kind: oneOf(['person', 'service', 'automation', 'import']),
      id: name('Stable: it never means anybody else.', 'jane.doe'),
      name: optional(name('What they were called at the time.', 'Jane Doe')),
      roles: optional(list(name(), 'In which they acted.')),
      onBehalfOf: optional(name('For whom they acted.')),
    },
    'Who or what acted.',
  ),
);

/** The file and row that an imported event was made of. */
export const ORIGIN = named<Origin>(
  'Origin',
  object<Origin>(
    {
      file: text('The name of the file.'),
      sha256: text('Of the file, in hex.', SHA256),
      row: whole('1 is the first below the header.', { minimum: 1 }),
    },
    'Where an imported event comes from.',
  ),
);

const METADATA = named<EventMetadata>(
  'EventMetadata',
  object<EventMetadata>(
    {
      $correlationId: text('The `X-Correlation-Id` of the request, or what the import or automation gave it.'),
      $causationId: text('What caused it: a command, or another event.'),
      actor: ACTOR,
      occurredAt: optional(instant('Where it differs from the moment of recording.')),
      commandId: text('The command that it answers.'),
      commandHash: optional(text('SHA-256 of the command’s input, in hex.', SHA256)),
      schemaVersion: whole('Of the data as it was stored; here it has today’s shape.', { minimum: 1 }),
      origin: optional(ORIGIN),
    },
    'What is stored beside the data.',
  ),
);

const eventOf = (type: IncidentEventType): Schema<EventJson> =>
  named<EventJson>(
    type,
    object<EventJson>({
      position: position('Its place in the whole log: `after` it is what comes next.'),
      streamName: text('The history it belongs to.', { example: 'incident-INC0000001' }),
      revision: whole('Its place in that history, from 0.'),
      id: text('The event’s own: it never changes, and no other has it.', UUID),
      type: oneOf([type]) as Schema<string>,
      occurredAt: instant('When it happened.'),
      recordedAt: instant('When the log wrote it.'),
      data: object({ incidentId: name(undefined, 'INC0000001'), ...dataFields(type) }) as Schema<unknown>,
      metadata: METADATA,
    }),
  );

/** One event of an incident, as other systems read it. */
export const EVENT = named<EventJson>(
  'Event',
  taggedBy(
    'type',
    Object.fromEntries(incidentCatalogue.types.map((type) => [type, eventOf(type)])),
    'One event of an incident, as recorded.',
  ),
);

type HistoryPage = Readonly<{ items: readonly EventJson[] }>;

/** A page of a history. */
export const HISTORY_PAGE = named<HistoryPage>(
  'HistoryPage',
  object<HistoryPage>({ items: list(EVENT) }, 'A page; the `Link` header leads to the next one.'),
);
