import {
  andThen,
  eachOf,
  fieldIn,
  integerFrom,
  oneOf,
  optional,
  partsOf,
  readerOf,
  recordOf,
  refuseFaulty,
  setOf,
  textOf,
  type Check,
  type FieldFault,
  type Fields,
} from '#kernel';
import { MATRIX_LEVELS, NAME } from './limits.js';
import { RISKS, type Risk } from './vocabulary.js';

/**
 * How a desk derives a priority: from impact and urgency, as ITIL has it, raised by risk. Levels stand highest first.
 * Its version is stored with every priority that came of it.
 */
export type PriorityMatrix = Readonly<{
  version: string;
  impacts: readonly string[];
  urgencies: readonly string[];
  priorities: readonly string[];
  /** `cells[impact][urgency]`: the priority, before any risk. */
  cells: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By how many levels each risk raises it. */
  raises: Readonly<Record<Risk, number>>;
}>;

/** Three impacts by three urgencies: the diagonal shares a priority. Each risk raises by one level. */
export const DEFAULT_PRIORITY_MATRIX: PriorityMatrix = {
  version: 'default-1',
  impacts: ['high', 'medium', 'low'],
  urgencies: ['high', 'medium', 'low'],
  priorities: ['P1', 'P2', 'P3', 'P4'],
  cells: {
    high: { high: 'P1', medium: 'P2', low: 'P3' },
    medium: { high: 'P2', medium: 'P3', low: 'P4' },
    low: { high: 'P3', medium: 'P4', low: 'P4' },
  },
  raises: { financial: 1, security: 1, compliance: 1 },
};

/** @throws InvalidInput PRIORITY_LEVEL_UNKNOWN, with every faulty field and the levels that would be right */
const refuseUnknown = (faults: readonly FieldFault[]): void =>
  refuseFaulty('PRIORITY_LEVEL_UNKNOWN', 'The priority matrix says otherwise', faults);

/**
 * The priority of an impact and an urgency under these risks. Risks do not add up: they overlap (a leak of personal data is one of security
 * and one of compliance), so the one that raises most decides. Nothing is raised above the top.
 * @throws InvalidInput PRIORITY_LEVEL_UNKNOWN, naming the levels that would be right
 */
export const priorityOf = (matrix: PriorityMatrix, impact: string, urgency: string, risks: readonly Risk[] = []): string => {
  refuseUnknown([...oneOf(matrix.impacts)(impact, 'impact'), ...oneOf(matrix.urgencies)(urgency, 'urgency')]);
  const level = matrix.priorities.indexOf(matrix.cells[impact]?.[urgency] as string);
  const raise = Math.max(0, ...risks.map((risk) => matrix.raises[risk]));
  return matrix.priorities[Math.max(0, level - raise)] as string;
};

/**
 * A priority that was set by hand.
 * @throws InvalidInput PRIORITY_LEVEL_UNKNOWN
 */
export const knownPriority = (matrix: PriorityMatrix, priority: string, field: string): string => {
  refuseUnknown(oneOf(matrix.priorities)(priority, field));
  return priority;
};

type UnversionedMatrix = Omit<PriorityMatrix, 'version'>;

/** Every impact has a row, every row has a cell for every urgency that holds a known priority, and nothing else is there. */
const cellsOf = ({ impacts, urgencies, priorities }: UnversionedMatrix): Check =>
  recordOf<PriorityMatrix['cells']>(eachOf(impacts, recordOf<Record<string, string>>(eachOf(urgencies, oneOf(priorities)))));

/** Graver is never less urgent: a lower priority than a cell below it or right of it means rows or levels in the wrong order. */
const faultsOfOrder = ({ impacts, urgencies, priorities, cells }: UnversionedMatrix, field: string): FieldFault[] => {
  const level = (row: number, column: number) => priorities.indexOf(cells[impacts[row] as string]?.[urgencies[column] as string] as string);
  return impacts.flatMap((impact, row) =>
    urgencies.flatMap((urgency, column) => {
      const isBelowLess = row + 1 < impacts.length && level(row, column) > level(row + 1, column);
      const isLeftOfMore = column + 1 < urgencies.length && level(row, column) > level(row, column + 1);
      const message = 'is lower than what a lesser impact or urgency gets (levels stand highest first)';
      return isBelowLess || isLeftOfMore ? [{ field: `${field}.${impact}.${urgency}`, message }] : [];
    }),
  );
};

const faultsOfCells = (matrix: UnversionedMatrix, field: string): readonly FieldFault[] =>
  andThen(cellsOf(matrix), (_, cells) => faultsOfOrder(matrix, cells))(matrix.cells, fieldIn(field, 'cells'));

const name = textOf(NAME.max);
const levels = setOf(name, MATRIX_LEVELS);

const fields: Fields<UnversionedMatrix> = {
  impacts: levels,
  urgencies: levels,
  priorities: levels,
  cells: () => [], // judged by the levels, once those stand
  raises: recordOf<PriorityMatrix['raises']>(eachOf(RISKS, integerFrom(0, MATRIX_LEVELS.max - 1))),
};

/** A matrix within something that has a version of its own. `raises` may be absent. */
export const unversionedMatrix: Check = andThen(partsOf<UnversionedMatrix>({ ...fields, raises: optional(fields.raises) }), faultsOfCells);

/**
 * A matrix from a settings file or a request. `raises` may be absent: then each risk raises by one level.
 * @throws InvalidInput PRIORITY_MATRIX_INVALID, with every fault (the reader does)
 */
export const parsePriorityMatrix = readerOf<PriorityMatrix>({
  code: 'PRIORITY_MATRIX_INVALID',
  noun: 'priority matrix',
  fields: { version: name, ...fields },
  defaults: { raises: DEFAULT_PRIORITY_MATRIX.raises },
  together: (matrix) => faultsOfCells(matrix, ''),
});
