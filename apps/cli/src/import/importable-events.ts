import { EVENT_SHAPES, type FieldShape, type IncidentEventType, type ValueShape } from '#domain/incident';

/** Values that a flat row has words for: not lists of objects, nor money. */
type FlatValue = Extract<ValueShape, { kind: 'text' | 'choice' | 'instant' | 'number' | 'true' }>;

/** What one field of an event takes from a row. */
export type FlatShape = Pick<FieldShape, 'needed' | 'nullable'> &
  (FlatValue | Readonly<{ kind: 'list'; maxItems: number; item: Extract<FlatValue, { kind: 'text' | 'choice' }> }>);

/** What our own clocks and policies say of an incident: another system's are brought in as its verdicts. */
type OfOurClocks =
  | 'SlaStarted'
  | 'SlaRescheduled'
  | 'SlaStopped'
  | 'AssignmentDeferred'
  | 'EscalationStarted'
  | 'EscalationStepTaken'
  | 'EscalationStopped'
  | 'MajorIncidentProposed'
  | 'ClosureScheduled';

/** Not a diagnosis either, whose answers are a table of their own, nor a correction: that speaks of our own events. */
type NotImportable = OfOurClocks | 'DiagnosisRecorded' | 'FactCorrected';

/** The events that a mapping can make. */
export type ImportableType = Exclude<IncidentEventType, NotImportable>;

/** The compiler asks for every event that is left out. */
const NOT_IMPORTABLE: Readonly<Record<NotImportable, true>> = {
  SlaStarted: true,
  SlaRescheduled: true,
  SlaStopped: true,
  AssignmentDeferred: true,
  EscalationStarted: true,
  EscalationStepTaken: true,
  EscalationStopped: true,
  MajorIncidentProposed: true,
  ClosureScheduled: true,
  DiagnosisRecorded: true,
  FactCorrected: true,
};

export const IMPORTABLE_TYPES = Object.keys(EVENT_SHAPES).filter((type) => !(type in NOT_IMPORTABLE)) as readonly ImportableType[];

/** A clock of ours; an imported verdict names none. */
const OUR_CLOCK = 'clockId';

const isFlat = (shape: FieldShape): shape is FlatShape =>
  shape.kind === 'list' ? ['text', 'choice'].includes(shape.item.kind) : shape.kind !== 'object' && shape.kind !== 'any';

/** What the data of an event takes from a row, by field: the bounds of an import. An import leaves the other fields out. */
export const shapeOf = (type: ImportableType): Readonly<Record<string, FlatShape>> =>
  Object.fromEntries(
    Object.entries<FieldShape>(EVENT_SHAPES[type]).filter(
      (field): field is [string, FlatShape] => field[0] !== OUR_CLOCK && isFlat(field[1]),
    ),
  );
