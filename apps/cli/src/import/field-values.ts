import type { FlatShape } from './importable-events.js';
import { MISSING, RowFault, type Known, type Value } from './expression.js';
import type { TimeReader } from './time-format.js';

const shown = (value: Value) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
};

const textWithin = (field: string, value: Value, maxLength: number): string => {
  if (value === null || typeof value === 'object') throw new RowFault(`${field} is ${shown(value)}: it takes a text`);
  const text = String(value);
  if (text.length > maxLength) throw new RowFault(`${field} has ${text.length} characters: it takes at most ${maxLength}`);
  return text;
};

const oneOf = (field: string, value: Value, choices: readonly string[]): string => {
  if (typeof value === 'string' && choices.includes(value)) return value;
  throw new RowFault(`${field} is ${shown(value)}: it takes ${choices.join(', ')}`);
};

const numberWithin = (field: string, value: Value, { min, max, whole }: Extract<FlatShape, { kind: 'number' }>): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && number >= min && number <= max && (!whole || Number.isInteger(number))) return number;
  throw new RowFault(`${field} is ${shown(value)}: it takes a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
};

const listOf = (field: string, value: Value, { maxItems, item }: Extract<FlatShape, { kind: 'list' }>): Value => {
  const items = Array.isArray(value) ? (value as readonly Value[]) : [value];
  if (items.length > maxItems) throw new RowFault(`${field} has ${items.length} items: it takes at most ${maxItems}`);
  return items.map((one) => (item.kind === 'text' ? textWithin(field, one, item.maxLength) : oneOf(field, one, item.choices)));
};

/**
 * What goes into an event for one field, within its bounds; MISSING leaves the field out. What is not known is null where the event knows
 * null, is left out where it may be, and is a fault where the event needs it.
 * @throws RowFault that says what the field takes
 */
export const fieldValue = (field: string, shape: FlatShape, value: Known, readTime: TimeReader): Known => {
  if (value === MISSING || value === null) {
    if (shape.nullable) return null;
    if (shape.needed) throw new RowFault(`${field} is not known, and the event needs it`);
    return MISSING;
  }
  switch (shape.kind) {
    case 'text':
      return textWithin(field, value, shape.maxLength);
    case 'choice':
      return oneOf(field, value, shape.choices);
    case 'instant': {
      const ms = typeof value === 'string' ? readTime(value) : undefined;
      if (ms === undefined) throw new RowFault(`${field} is ${shown(value)}: it is no time in the format of the mapping`);
      return new Date(ms).toISOString();
    }
    case 'number':
      return numberWithin(field, value, shape);
    case 'true':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return MISSING;
      throw new RowFault(`${field} is ${shown(value)}: it takes true or false`);
    case 'list':
      return listOf(field, value, shape);
    default:
      return shape satisfies never;
  }
};
