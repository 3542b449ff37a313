import {
  ASSIGNMENT_REASONS,
  CHANNELS,
  correctableFacts,
  HOLD_REASONS,
  LINK_KINDS,
  RISKS,
  SLA_KINDS,
  SLA_TARGETS,
  STATUSES,
  incidentCatalogue,
  type HoldReason,
  type IncidentEventType,
} from '#domain/incident';
import { KEPT, type Entry, type Headline, type IncidentDetails, type Kept } from '#projections';
import { dataFields } from '../schemas/event-data.js';
import {
  flag, instant, list, name, named, nullable, object, oneOf, optional, position, tableOf, text, whole, type FieldsOf, type Schema,
} from '../schemas/schema.js'; // prettier-ignore
import { pageOf } from '../schemas/page.js';

/** What stands in every entry beside the data of its event. */
const place = {
  revision: whole('The place of its event in the history, from 0: a correction names it.'),
  at: instant('When it happened.'),
  by: name('Who said so, as they were called at the time.'),
};

/** A correction may have taken a fact away. */
const orTakenAway = <T>({ json, isOptional }: Schema<T>): Schema<T> => {
  const value = nullable({ json });
  return isOptional ? optional(value) : value;
};

/** The facts of one event, as they were corrected since. */
const entryFields = <Type extends IncidentEventType>(type: Type): FieldsOf<Entry<Type>> => {
  const facts = correctableFacts(type);
  const fields = Object.entries<Schema<never>>(dataFields(type)).map(([fact, schema]) => [
    fact,
    facts.get(fact)?.takes(null) ? orTakenAway(schema) : schema,
  ]);
  return { ...place, ...Object.fromEntries(fields) } as FieldsOf<Entry<Type>>;
};

const entry = <Type extends IncidentEventType>(called: string, type: Type): Schema<Entry<Type>> =>
  named(called, object<Entry<Type> & object>(entryFields(type)));

const kept = <Item>(item: Schema<Item>, about: string, bound: number = KEPT.entries): Schema<Kept<Item>> =>
  object<Kept<Item>>({ total: whole('How many there ever were.'), latest: list(item, 'The newest ones, newest last.', bound) }, about);

const HEADLINE = named<Headline>(
  'Headline',
  object<Headline>(
    { ...place, type: oneOf(incidentCatalogue.types), headline: text('What happened, in words.') },
    'One event, as a heading.',
  ),
);

const holdReasons: readonly HoldReason[] = [...HOLD_REASONS, 'unknown'];

/** An incident, as it is answered: the view's own aids to searching stay in the view. */
export type ShownIncident = Omit<IncidentDetails, 'words'>;

const fields: FieldsOf<ShownIncident> = {
  incidentId: name('Its number: what paths call it.', 'INC0000001'),
  number: name('The same, for people.', 'INC0000001'),
  title: text(),
  description: nullable(text()),
  status: oneOf(STATUSES),
  open: flag('Neither resolved, closed nor cancelled.'),
  reporter: name('Who reported it, by id.'),
  onBehalfOf: nullable(name('Who has it, where somebody else reported it.')),
  channel: oneOf(CHANNELS, 'By which way it came in.') as Schema<string>,
  service: nullable(name('The service that is affected.')),
  configurationItems: list(name()),
  location: nullable(name()),
  contact: nullable(name()),
  detectedAt: nullable(instant('When it was noticed.')),
  externalReference: nullable(name('What another system calls it.')),
  deduplicationKey: nullable(name('What tells two reports of the same disturbance from two disturbances.')),
  reportedAt: instant(),
  acknowledgedAt: nullable(instant()),
  resolvedAt: nullable(instant('Null again once it is reopened.')),
  closedAt: nullable(instant('Null again once it is reopened.')),
  updatedAt: instant('When anything last happened to it.'),
  category: nullable(name()),
  subcategory: nullable(name()),
  symptom: nullable(name()),
  taxonomyVersion: nullable(name('The version of the taxonomy that its category is of.', 'taxonomy@2')),
  priority: nullable(name(undefined, 'P2')),
  impact: nullable(name(undefined, 'medium')),
  urgency: nullable(name(undefined, 'high')),
  risks: list(oneOf(RISKS), 'What raises its priority.', RISKS.length),
  override: nullable(
    object<NonNullable<IncidentDetails['override']>>(
      { reason: text(), matrixPriority: name('What the matrix says.', 'P3') },
      'The priority was set by hand.',
    ),
  ),
  ratedBy: nullable(
    object<NonNullable<IncidentDetails['ratedBy']>>(
      {
        matrixVersion: name('The version of the matrix.', 'priority-policy@3'),
        rule: nullable(name('The rule of that version which raised it.', 'card-data')),
      },
      'What gave its priority.',
    ),
  ),
  team: nullable(name()),
  agent: nullable(name()),
  assignment: nullable(
    object<NonNullable<IncidentDetails['assignment']>>(
      { at: instant(), why: oneOf(ASSIGNMENT_REASONS), reason: nullable(text('In words, where a rule chose them.')) },
      'Why it is with them.',
    ),
  ),
  deferral: nullable(
    object<NonNullable<IncidentDetails['deferral']>>(
      { team: name(), reason: text(), since: instant(), retryAt: nullable(instant('When that is looked at again.')) },
      'Nobody of its team can take it.',
    ),
  ),
  hold: nullable(
    object<NonNullable<IncidentDetails['hold']>>(
      {
        reason: oneOf(holdReasons, 'What it waits for.'),
        until: nullable(instant()),
        comment: nullable(text()),
        since: instant(),
      },
      'It is on hold.',
    ),
  ),
  major: nullable(
    object<NonNullable<IncidentDetails['major']>>(
      { incidentManager: name(), communicationsLead: nullable(name()), reason: text(), since: instant() },
      'It is a major incident.',
    ),
  ),
  resolution: nullable(
    object<NonNullable<IncidentDetails['resolution']>>(
      { ...entryFields('IncidentResolved'), confirmed: flag('By who reported it.') } as FieldsOf<
        NonNullable<IncidentDetails['resolution']>
      >,
      'How it was resolved.',
    ),
  ),
  closure: nullable(object<NonNullable<IncidentDetails['closure']>>(entryFields('IncidentClosed'), 'How it was closed.')),
  cancellation: nullable(
    object<NonNullable<IncidentDetails['cancellation']>>(
      {
        at: instant(),
        by: name(),
        reason: text(),
        cause: name('`duplicate`, `mistake`, `withdrawn`, or `reclassified`.', 'duplicate'),
        duplicateOf: nullable(name('The incident that it repeats.', 'INC0000002')),
        serviceRequest: nullable(name('The service request that took over.')),
      },
      'It was cancelled.',
    ),
  ),
  links: list(
    object<IncidentDetails['links'][number]>({ kind: oneOf(LINK_KINDS), target: name(), since: instant(), by: name() }),
    'What it is linked to.',
  ),
  notes: kept(entry('NoteEntry', 'NoteAdded'), 'Its notes.'),
  files: kept(entry('FileEntry', 'FileAttached'), 'Files that are attached; they are stored elsewhere.'),
  diagnoses: kept(entry('DiagnosisEntry', 'DiagnosisRecorded'), 'What was asked and found.'),
  workarounds: kept(entry('WorkaroundEntry', 'WorkaroundApplied'), 'What was done so that people can work on.'),
  work: object<IncidentDetails['work']>(
    {
      total: whole('How many entries there ever were.'),
      latest: list(entry('WorkEntry', 'WorkLogged'), 'The newest ones, newest last.', KEPT.entries),
      minutes: whole('Of all entries.'),
    },
    'Work logged.',
  ),
  escalations: kept(entry('EscalationEntry', 'IncidentEscalated'), 'To whom it was escalated.'),
  stakeholderUpdates: kept(entry('StakeholderUpdateEntry', 'StakeholderUpdatePosted'), 'What was told to whom.'),
  reopenings: whole('How often it was reopened.'),
  serviceLevels: list(
    object<IncidentDetails['serviceLevels'][number]>({
      clockId: nullable(name('Null: the verdict was imported.', 'sla-resolution-1')),
      kind: oneOf(SLA_KINDS),
      target: oneOf(SLA_TARGETS),
      verdict: oneOf(['running', 'stopped', 'warned', 'breached', 'met']),
      at: instant('Since when.'),
      dueAt: nullable(instant()),
      policyVersion: name('The policy, and which of its versions.', 'gold@3'),
    }),
    'Of each target and kind the clock that was started or judged last.',
  ),
  escalation: nullable(
    object<NonNullable<IncidentDetails['escalation']>>(
      {
        policyVersion: name(undefined, 'payments@2'),
        because: text(),
        since: instant(),
        round: whole('0: no step was taken yet.'),
        step: whole(),
        nextStepAt: nullable(instant()),
      },
      'The escalation that is under way.',
    ),
  ),
  proposedMajor: nullable(
    object<NonNullable<IncidentDetails['proposedMajor']>>(
      { because: text(), since: instant() },
      'Somebody should decide whether it is a major incident.',
    ),
  ),
  closesAt: nullable(instant('When it closes by itself, if nobody answers.')),
  corrections: kept(entry('CorrectionEntry', 'FactCorrected'), 'What was corrected.'),
  timeline: kept(HEADLINE, 'Its newest events, in words.', KEPT.timeline),
  sources: tableOf(
    whole('-1: there is none.', { minimum: -1 }),
    'The last event of each type whose facts can be corrected, by its place in the history.',
  ),
};

const INCIDENT = named<ShownIncident>('Incident', object<ShownIncident>(fields, 'An incident as it stands, corrections applied.'));

export const INCIDENT_PAGE = pageOf('IncidentPage', INCIDENT);

/** Where an incident stands, as JSON has it. */
type Standing = Readonly<{ revision: number; position: string }>;
const standing: FieldsOf<Standing> = {
  revision: whole('The place of its last event in its history, from 0; the ETag.'),
  position: position('Up to where in the log this is so.'),
};

/** One incident by itself. */
export const INCIDENT_AT = named<ShownIncident & Standing>(
  'IncidentAt',
  object<ShownIncident & Standing>({ ...fields, ...standing }, 'An incident as it stands, with its revision.'),
);

type Replay = ShownIncident & Standing & Readonly<{ events: number }>;

/** One incident as it was. */
export const REPLAY = named<Replay>(
  'Replay',
  object<Replay>(
    { ...fields, ...standing, events: whole('Of so many events.', { minimum: 1 }) },
    'An incident as it was after so many of its events.',
  ),
);
