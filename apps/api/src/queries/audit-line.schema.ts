import { incidentCatalogue } from '#domain/incident';
import type { AuditLine, Change } from '#projections';
import { ORIGIN, UUID } from '../feed/event.schema.js';
import { pageOf } from '../schemas/page.js';
import { anything, instant, list, name, named, nullable, object, oneOf, text, whole, type Schema } from '../schemas/schema.js';

const CHANGE = named<Change>(
  'Change',
  object<Change>(
    {
      field: name('`priority`, `hold.reason`, …', 'priority'),
      before: anything('Null: it had no value.'),
      after: anything('Null: it has no value any more.'),
    },
    'A field that changed.',
  ),
);

const LINE_ID = { example: 'INC0000001@0000000000' };

/** One line of the audit trail. */
const LINE = named<AuditLine>(
  'AuditLine',
  object<AuditLine>(
    {
      incidentId: name(undefined, 'INC0000001'),
      eventRevision: whole('The place of its event in the incident’s history, from 0.'),
      eventId: text('The event’s own: it never changes.', UUID),
      type: oneOf(incidentCatalogue.storedTypes, 'The name it is stored under.') as Schema<string>,
      what: text('What happened, in words.'),
      who: object<AuditLine['who']>({
        kind: oneOf(['person', 'service', 'automation', 'import']) as Schema<string>,
        id: name(),
        name: nullable(name('What they were called at the time.')),
        roles: list(name(), 'In which they acted.'),
        onBehalfOf: nullable(name()),
      }),
      occurredAt: instant('When it happened.'),
      recordedAt: instant('When the log wrote it.'),
      recordedLateSeconds: whole('From one to the other.'),
      changes: list(CHANGE, 'Every field that changed, as it was and as it is.'),
      reason: nullable(text('Why, where the event says so.')),
      origin: nullable(ORIGIN),
      corrects: nullable(text('The line that this one corrects: the number of the incident, and the place in its history.', LINE_ID)),
      commandId: text('The command that did it.'),
      correlationId: text('The `X-Correlation-Id` of the request.'),
      causationId: text('What caused it: a command, or another event.'),
      schemaVersion: whole('Of the event’s data.', { minimum: 1 }),
    },
    'One event of an incident, told in full.',
  ),
);

export const AUDIT_PAGE = pageOf('AuditPage', LINE);
