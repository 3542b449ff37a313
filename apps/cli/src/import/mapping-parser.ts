import { createHash } from 'node:crypto';
import { parseDocument } from 'yaml';
import { nearest } from '#config';
import { InvalidInput, type FieldFault } from '#kernel';
import { IMPORTABLE_TYPES, shapeOf, type FlatShape, type ImportableType } from './importable-events.js';
import { parseTemplate, type Expression, type Template, type Value } from './expression.js';
import type { Condition, Mapping, Rows, Rule } from './mapping.js';
import { timeReader } from './time-format.js';

/** The mapping is not one. It lists every fault at once, each by its path in the file. */
export class InvalidMapping extends InvalidInput {
  constructor(where: string, faults: readonly FieldFault[]) {
    super('MAPPING_INVALID', `${where} is no mapping:\n${faults.map(({ field, message }) => `  ${field}: ${message}`).join('\n')}`, faults);
  }
}

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const guess = (word: string, known: readonly string[]) => {
  const near = nearest(word, known);
  return near ? `did you mean ${near}?` : `it takes ${known.join(', ')}`;
};

/** Reads the parts of a mapping, and notes what is wrong instead of stopping at it. */
class Reader {
  readonly faults: FieldFault[] = [];

  fault(field: string, message: string): undefined {
    this.faults.push({ field, message });
    return undefined;
  }

  /** A table whose keys are all among `known`. */
  node(path: string, value: unknown, known: readonly string[]): Node {
    if (!isNode(value)) {
      this.fault(path || 'the file', `has to be a table of ${known.join(', ')}`);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) this.fault(path ? `${path}.${key}` : key, `is not known here: ${guess(key, known)}`);
    }
    return value;
  }

  text(path: string, value: unknown): string {
    if (typeof value === 'string' && value !== '') return value;
    this.fault(path, value === undefined ? 'is missing: it takes a text' : 'takes a text');
    return '';
  }

  /** One text or a list of them; YAML's numbers and truth values count as the text they were written as, cells being text. */
  texts(path: string, value: unknown): string[] {
    const items = Array.isArray(value) ? value : [value];
    if (items.length > 0 && items.every((item) => isScalar(item) && item !== null)) return items.map(String);
    this.fault(path, 'takes a text or a list of texts');
    return [];
  }

  oneOf<T extends string>(path: string, value: unknown, choices: readonly T[], unset: T): T {
    if (value === undefined) return unset;
    const choice = choices.find((one) => one === value);
    if (choice === undefined) this.fault(path, `is ${JSON.stringify(value)}: ${guess(String(value), choices)}`);
    return choice ?? unset;
  }

  template(path: string, value: unknown): Template {
    return parseTemplate(this.text(path, value));
  }

  expression(path: string, value: unknown): Expression {
    if (typeof value === 'string') return templateOrConstant(value);
    if (isScalar(value)) return { kind: 'constant', value };
    if (Array.isArray(value)) return { kind: 'list', items: value.map((item, n) => this.expression(`${path}[${n}]`, item)) };

    const { of, map, else: otherwise, none } = this.node(path, value, ['of', 'map', 'else', 'none']);
    for (const [key, constant] of Object.entries({ else: otherwise, none })) {
      if (constant !== undefined && !isScalar(constant)) this.fault(`${path}.${key}`, 'takes a single value');
    }
    if (map !== undefined && !(isNode(map) && Object.values(map).every(isScalar)))
      this.fault(`${path}.map`, 'takes a table from one value to another');
    if (otherwise !== undefined && map === undefined)
      this.fault(`${path}.else`, 'is for values that a map does not have: add a map, or take none');
    return {
      kind: 'lookup',
      of: this.texts(`${path}.of`, of).map(parseTemplate),
      ...(isNode(map) && { map: new Map(Object.entries(map as Record<string, Value>)) }),
      ...(otherwise !== undefined && { otherwise: otherwise as Value }),
      ...(none !== undefined && { none: none as Value }),
    };
  }
}

const templateOrConstant = (text: string): Expression => {
  const template = parseTemplate(text);
  const [only] = template;
  return template.length === 1 && typeof only === 'string' ? { kind: 'constant', value: only } : { kind: 'template', template };
};

/** What the constants of an expression can be told about a field before any row is read. */
const constantsOf = (expression: Expression): Value[] => {
  switch (expression.kind) {
    case 'constant':
      return [expression.value];
    case 'lookup':
      return [...(expression.map?.values() ?? []), expression.otherwise, expression.none].filter((value) => value !== undefined);
    case 'template':
    case 'list':
      return [];
    default:
      return expression satisfies never;
  }
};

const checkConstants = (read: Reader, path: string, shape: FlatShape, expression: Expression) => {
  for (const value of constantsOf(expression)) {
    if (value === null && !shape.nullable) read.fault(path, 'cannot be null');
    else if (shape.kind === 'choice' && value !== null && !shape.choices.includes(value as string)) {
      read.fault(path, `is ${JSON.stringify(value)}: ${guess(String(value), shape.choices)}`);
    }
  }
};

const dataOf = (read: Reader, path: string, type: ImportableType, value: unknown): Rule['data'] => {
  const shapes = shapeOf(type);
  const node = read.node(path, value ?? {}, Object.keys(shapes));
  const data = new Map<string, Expression>();
  for (const [field, shape] of Object.entries(shapes)) {
    const given = node[field];
    if (given === undefined) {
      if (shape.needed && !shape.nullable) read.fault(`${path}.${field}`, `is missing: ${type} needs it`);
      continue;
    }
    const expression = read.expression(`${path}.${field}`, given);
    checkConstants(read, `${path}.${field}`, shape, expression);
    data.set(field, expression);
  }
  return data;
};

const valuesByColumn = (read: Reader, path: string, value: unknown): ReadonlyMap<string, readonly string[]> => {
  if (!isNode(value)) {
    read.fault(path, 'takes a table from a column to a value, or to a list of values');
    return new Map();
  }
  return new Map(Object.entries(value).map(([column, values]) => [column, read.texts(`${path}.${column}`, values)]));
};

const conditionOf = (read: Reader, path: string, value: unknown, kinds: readonly string[]): Condition => {
  const { changed, known, is, becomes, state } = read.node(path, value ?? {}, ['changed', 'known', 'is', 'becomes', 'state']);
  const kindsAt = (at: string, given: unknown) => {
    const named = read.texts(at, given);
    for (const kind of named) if (!kinds.includes(kind)) read.fault(at, `there is no kind of state ${kind}: ${guess(kind, kinds)}`);
    return named;
  };
  const changes = state === undefined ? undefined : read.node(`${path}.state`, state, ['from', 'to']);
  if (changes && kinds.length === 0) read.fault(`${path}.state`, 'needs the kinds of states: give `state` at the top of the file');
  return {
    ...(changed !== undefined && { changed: read.texts(`${path}.changed`, changed) }),
    ...(known !== undefined && { known: read.texts(`${path}.known`, known) }),
    ...(is !== undefined && { is: valuesByColumn(read, `${path}.is`, is) }),
    ...(becomes !== undefined && { becomes: valuesByColumn(read, `${path}.becomes`, becomes) }),
    ...(changes && {
      state: {
        ...(changes['from'] !== undefined && { from: kindsAt(`${path}.state.from`, changes['from']) }),
        ...(changes['to'] !== undefined && { to: kindsAt(`${path}.state.to`, changes['to']) }),
      },
    }),
  };
};

const statesOf = (read: Reader, value: unknown): Mapping['state'] => {
  if (value === undefined) return undefined;
  const { of, before, kinds } = read.node('state', value, ['of', 'before', 'kinds']);
  const kindOf = new Map<string, string>();
  if (!isNode(kinds)) read.fault('state.kinds', 'takes a table from a kind of state to the states that are of it');
  else {
    for (const [kind, states] of Object.entries(kinds)) {
      for (const state of read.texts(`state.kinds.${kind}`, states)) {
        if (kindOf.has(state)) read.fault(`state.kinds.${kind}`, `${state} is of kind ${kindOf.get(state)} already`);
        else kindOf.set(state, kind);
      }
    }
  }
  const [initial = ''] = read.texts('state.before', before);
  if (!kindOf.has(initial)) read.fault('state.before', `is "${initial}": take one of the states that have a kind`);
  return { of: read.text('state.of', of).replace(/^\$\{?|\}$/g, ''), before: initial, kindOf };
};

const RULE_KEYS = ['event', 'rows', 'when', 'at', 'by', 'data'] as const;
const ROWS: readonly Rows[] = ['first', 'later', 'every'];
const MAPPING_KEYS = ['name', 'about', 'source', 'file', 'incident', 'at', 'by', 'state', 'events'] as const;

/**
 * The mapping that a YAML text says.
 * @throws InvalidMapping with every fault; `where` names the file in it
 */
export const parseMapping = (yaml: string, where: string): Mapping => {
  const document = parseDocument(yaml, { uniqueKeys: true });
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ message, linePos }) => ({
      field: `line ${linePos?.[0].line ?? '?'}`,
      message: message.split('\n')[0] as string,
    }));
    throw new InvalidMapping(where, faults);
  }

  const read = new Reader();
  const root = read.node('', document.toJS({ maxAliasCount: 1_000 }), MAPPING_KEYS);
  const file = read.node('file', root['file'] ?? {}, ['delimiter', 'missing', 'time', 'zone']);
  const delimiter = file['delimiter'] === undefined ? ',' : read.text('file.delimiter', file['delimiter']);
  if (delimiter.length > 1) read.fault('file.delimiter', 'takes one character');
  const time = {
    format: read.text('file.time', file['time']),
    zone: file['zone'] === undefined ? 'UTC' : read.text('file.zone', file['zone']),
  };
  try {
    if (time.format !== '') timeReader(time.format, time.zone);
  } catch (error) {
    read.fault('file.time', (error as RangeError).message);
  }

  const state = statesOf(read, root['state']);
  const kinds = [...new Set(state?.kindOf.values() ?? [])];
  const by = root['by'] === undefined ? undefined : read.template('by', root['by']);

  const ruleOf = (value: unknown, n: number): Rule | undefined => {
    const path = `events[${n}]`;
    const node = read.node(path, value, RULE_KEYS);
    const event = IMPORTABLE_TYPES.find((type) => type === node['event']);
    if (!event)
      return read.fault(`${path}.event`, `is ${JSON.stringify(node['event'])}: ${guess(String(node['event']), IMPORTABLE_TYPES)}`);
    const at = node['at'] ?? root['at'];
    const whose = node['by'] === undefined ? by : read.template(`${path}.by`, node['by']);
    return {
      event,
      rows: read.oneOf(`${path}.rows`, node['rows'], ROWS, 'every'),
      when: conditionOf(read, `${path}.when`, node['when'], kinds),
      at:
        at === undefined
          ? (read.fault(`${path}.at`, 'is missing: say when it happened, here or at the top of the file') ?? [])
          : read.template(`${path}.at`, at),
      ...(whose && { by: whose }),
      data: dataOf(read, `${path}.data`, event, node['data']),
    };
  };

  const listed = Array.isArray(root['events']) ? root['events'] : [];
  const rules = listed.map(ruleOf).filter((rule) => rule !== undefined);
  const [opening] = rules;
  const opens = opening?.event === 'IncidentReported' && opening.rows === 'first' && Object.keys(opening.when).length === 0;
  if (!opens)
    read.fault(
      'events',
      'has to begin with IncidentReported on the first row (`rows: first`), without `when`: nothing happens to an incident before it is reported',
    );
  if (rules.slice(1).some(({ event }) => event === 'IncidentReported')) read.fault('events', 'has IncidentReported more than once');

  const mapping: Mapping = {
    name: read.text('name', root['name']),
    source: root['source'] === undefined ? read.text('name', root['name']) : read.text('source', root['source']),
    delimiter,
    missing: file['missing'] === undefined ? [] : read.texts('file.missing', file['missing']),
    time,
    incident: read.template('incident', root['incident']),
    ...(state && { state }),
    rules,
    sha256: createHash('sha256').update(yaml).digest('hex'),
  };
  if (read.faults.length > 0) throw new InvalidMapping(where, read.faults);
  return mapping;
};
