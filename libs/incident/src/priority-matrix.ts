import { InvalidInput, type FieldFault } from '#kernel';
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

const faultyLevel = (field: string, level: string, levels: readonly string[]): FieldFault[] =>
  levels.includes(level) ? [] : [{ field, message: `is one of ${levels.join(', ')}` }];

/** @throws InvalidInput PRIORITY_LEVEL_UNKNOWN, with every faulty field and the levels that would be right */
const refuseFaults = (faults: readonly FieldFault[]): void => {
  if (faults.length === 0) return;
  const all = faults.map(({ field, message }) => `${field} ${message}`).join('; ');
  throw new InvalidInput('PRIORITY_LEVEL_UNKNOWN', `The priority matrix says otherwise: ${all}`, faults);
};

/**
 * The priority of an impact and an urgency under these risks. Risks do not add up: they overlap (a leak of personal data is one of security
 * and one of compliance), so the one that raises most decides. Nothing is raised above the top.
 * @throws InvalidInput PRIORITY_LEVEL_UNKNOWN, naming the levels that would be right
 */
export const priorityOf = (matrix: PriorityMatrix, impact: string, urgency: string, risks: readonly Risk[] = []): string => {
  refuseFaults([...faultyLevel('impact', impact, matrix.impacts), ...faultyLevel('urgency', urgency, matrix.urgencies)]);
  const level = matrix.priorities.indexOf(matrix.cells[impact]?.[urgency] as string);
  const raise = Math.max(0, ...risks.map((risk) => matrix.raises[risk]));
  return matrix.priorities[Math.max(0, level - raise)] as string;
};

/**
 * A priority that was set by hand.
 * @throws InvalidInput PRIORITY_LEVEL_UNKNOWN
 */
export const knownPriority = (matrix: PriorityMatrix, priority: string, field: string): string => {
  refuseFaults(faultyLevel(field, priority, matrix.priorities));
  return priority;
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isName = (value: unknown): value is string => typeof value === 'string' && value.length >= NAME.min && value.length <= NAME.max;

const faultsOfLevels = (field: string, levels: unknown): FieldFault[] => {
  const { min, max } = MATRIX_LEVELS;
  if (!Array.isArray(levels) || levels.length < min || levels.length > max) {
    return [{ field, message: `is a list of ${min} to ${max} names, highest first` }];
  }
  return levels.flatMap((level: unknown, n) => {
    if (!isName(level)) return [{ field: `${field}[${n}]`, message: `is a name of ${NAME.min} to ${NAME.max} characters` }];
    return levels.indexOf(level) === n ? [] : [{ field: `${field}[${n}]`, message: `repeats ${level}` }];
  });
};

const strangers = (within: string, record: Record<string, unknown>, known: readonly string[]): FieldFault[] =>
  Object.keys(record)
    .filter((key) => !known.includes(key))
    .map((key) => ({ field: `${within}${key}`, message: `is not known here: there is ${known.join(', ')}` }));

/** Every impact has a row, every row has a cell for every urgency and holds a known priority, and nothing else is there. */
const faultsOfCells = (cells: unknown, impacts: readonly string[], urgencies: readonly string[], priorities: readonly string[]) => {
  if (!isRecord(cells)) return [{ field: 'cells', message: 'has a row for each impact' }];
  const faults = strangers('cells.', cells, impacts);
  for (const impact of impacts) {
    const row = Object.hasOwn(cells, impact) ? cells[impact] : undefined;
    if (!isRecord(row)) {
      faults.push({ field: `cells.${impact}`, message: 'has a priority for each urgency' });
      continue;
    }
    faults.push(...strangers(`cells.${impact}.`, row, urgencies));
    for (const urgency of urgencies) {
      const cell = Object.hasOwn(row, urgency) ? row[urgency] : undefined;
      faults.push(...faultyLevel(`cells.${impact}.${urgency}`, cell as string, priorities));
    }
  }
  return faults;
};

/** Graver is never less urgent: a lower priority than a cell below it or right of it means rows or levels in the wrong order. */
const faultsOfOrder = ({ impacts, urgencies, priorities, cells }: PriorityMatrix): FieldFault[] => {
  const level = (row: number, column: number) => priorities.indexOf(cells[impacts[row] as string]?.[urgencies[column] as string] as string);
  return impacts.flatMap((impact, row) =>
    urgencies.flatMap((urgency, column) => {
      const isBelowLess = row + 1 < impacts.length && level(row, column) > level(row + 1, column);
      const isLeftOfMore = column + 1 < urgencies.length && level(row, column) > level(row, column + 1);
      const message = 'is lower than what a lesser impact or urgency gets (levels stand highest first)';
      return isBelowLess || isLeftOfMore ? [{ field: `cells.${impact}.${urgency}`, message }] : [];
    }),
  );
};

const faultsOfRaises = (raises: unknown): FieldFault[] => {
  if (!isRecord(raises)) return [{ field: 'raises', message: `says for each of ${RISKS.join(', ')} by how many levels it raises` }];
  const isRaise = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < MATRIX_LEVELS.max;
  return [
    ...strangers('raises.', raises, RISKS),
    ...RISKS.filter((risk) => !isRaise(raises[risk])).map((risk) => ({
      field: `raises.${risk}`,
      message: `is a whole number from 0 to ${MATRIX_LEVELS.max - 1}`,
    })),
  ];
};

/**
 * A matrix from a settings file or a request. `raises` may be absent: then each risk raises by one level.
 * @throws InvalidInput PRIORITY_MATRIX_INVALID, with every fault
 */
export const parsePriorityMatrix = (input: unknown): PriorityMatrix => {
  const given = isRecord(input) ? input : {};
  const { version, impacts, urgencies, priorities, cells, raises = DEFAULT_PRIORITY_MATRIX.raises } = given;
  const ofLevels = [
    ...faultsOfLevels('impacts', impacts),
    ...faultsOfLevels('urgencies', urgencies),
    ...faultsOfLevels('priorities', priorities),
  ];
  const matrix = { version, impacts, urgencies, priorities, cells, raises } as PriorityMatrix;
  // cells are judged by the levels, so only once those stand
  const ofCells = ofLevels.length ? [] : faultsOfCells(cells, matrix.impacts, matrix.urgencies, matrix.priorities);
  const faults: FieldFault[] = [
    ...strangers('', given, Object.keys(DEFAULT_PRIORITY_MATRIX)),
    ...(isName(version) ? [] : [{ field: 'version', message: `is a name of ${NAME.min} to ${NAME.max} characters` }]),
    ...ofLevels,
    ...ofCells,
    ...(ofLevels.length || ofCells.length ? [] : faultsOfOrder(matrix)),
    ...faultsOfRaises(raises),
  ];
  if (faults.length) {
    const all = faults.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new InvalidInput('PRIORITY_MATRIX_INVALID', `This is no priority matrix: ${all}`, faults);
  }
  return structuredClone(matrix);
};
