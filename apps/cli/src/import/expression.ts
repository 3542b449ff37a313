/** A cell of a row, or what was made of cells: text, a constant of the mapping, a list, or nothing known. */
export type Value = string | number | boolean | null | readonly Value[];

/** What is not known is not there: it is neither empty text nor null. */
export const MISSING = Symbol('missing');
export type Known = Value | typeof MISSING;

/** Text with columns in it: `$number`, `Printer ${Serial No} is down`. Where a column is not known, the text is not. */
export type Template = readonly (string | { column: string })[];

/**
 * What a mapping says of one value.
 * - template: of columns; - constant: as it stands; - list: of those of its items that are known;
 * - lookup: the first of `of` that is known, looked up in `map` where there is one; `otherwise` for what the map does not have, `none` where nothing
 *   is known.
 */
export type Expression =
  | { kind: 'template'; template: Template }
  | { kind: 'constant'; value: Value }
  | { kind: 'list'; items: readonly Expression[] }
  | { kind: 'lookup'; of: readonly Template[]; map?: ReadonlyMap<string, Value>; otherwise?: Value; none?: Value };

/** One row cannot be made sense of. The reason says what is wrong and what would be right. */
export class RowFault extends Error {
  override readonly name = 'RowFault';
}

const COLUMN = /\$(?:\$|\{([^}]+)\}|([A-Za-z_][A-Za-z0-9_]*))/g;

export const parseTemplate = (text: string): Template => {
  const parts: (string | { column: string })[] = [];
  let end = 0;
  for (const match of text.matchAll(COLUMN)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    const column = match[1] ?? match[2];
    parts.push(column === undefined ? '$' : { column });
    end = match.index + match[0].length;
  }
  if (end < text.length || parts.length === 0) parts.push(text.slice(end));
  return parts;
};

export const columnsOfTemplate = (template: Template): string[] =>
  template.flatMap((part) => (typeof part === 'string' ? [] : [part.column]));

export const columnsOf = (expression: Expression): string[] => {
  switch (expression.kind) {
    case 'template':
      return columnsOfTemplate(expression.template);
    case 'constant':
      return [];
    case 'list':
      return expression.items.flatMap(columnsOf);
    case 'lookup':
      return expression.of.flatMap(columnsOfTemplate);
    default:
      return expression satisfies never;
  }
};

/** The cells of one row; '' is not known. */
export type Cells = readonly string[];
export type Evaluate<T extends Known = Known> = (cells: Cells) => T;

/** Where each column stands. */
export type Columns = ReadonlyMap<string, number>;

export const bindTemplate = (template: Template, columns: Columns): Evaluate<string | typeof MISSING> => {
  const parts = template.map((part) => (typeof part === 'string' ? part : (columns.get(part.column) as number)));
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'number') return (cells) => cells[only] || MISSING;
  return (cells) => {
    let text = '';
    for (const part of parts) {
      const piece = typeof part === 'string' ? part : cells[part];
      if (!piece) return MISSING;
      text += piece;
    }
    return text;
  };
};

const asWritten = (template: Template): string => template.map((part) => (typeof part === 'string' ? part : part.column)).join('');

/** An expression over the columns of one file. @throws RowFault, when evaluated, for a value that its map does not have */
export const bindExpression = (expression: Expression, columns: Columns): Evaluate => {
  switch (expression.kind) {
    case 'template':
      return bindTemplate(expression.template, columns);
    case 'constant':
      return () => expression.value;
    case 'list': {
      const items = expression.items.map((item) => bindExpression(item, columns));
      return (cells) => {
        const known = items.map((item) => item(cells)).filter((value) => value !== MISSING);
        return known.length > 0 || items.length === 0 ? known : MISSING;
      };
    }
    case 'lookup': {
      const { of, map, otherwise, none = MISSING } = expression;
      const candidates = of.map((template) => bindTemplate(template, columns));
      const names = of.map(asWritten);
      return (cells) => {
        const at = candidates.findIndex((candidate) => candidate(cells) !== MISSING);
        if (at === -1) return none;
        const text = (candidates[at] as Evaluate<string>)(cells);
        if (!map) return text;
        const value = map.get(text) ?? otherwise;
        if (value === undefined) throw new RowFault(`${names[at]} is "${text}": the mapping knows ${[...map.keys()].join(', ')}`);
        return value;
      };
    }
    default:
      return expression satisfies never;
  }
};
