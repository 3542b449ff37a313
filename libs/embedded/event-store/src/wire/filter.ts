import type { EventRecord } from '../log/record.js';
import { handlerFailed, invalidArgument } from '../rpc-error.js';
import type { Reader } from './protobuf.js';

/** What a filter looks at, and for what: an expression where there is one, else prefixes. */
export type FilterDescription = Readonly<{ on: 'stream' | 'type'; regex: string; prefixes: readonly string[] }>;

/** A filter of the whole log as it was asked for. */
export type FilterOptions = FilterDescription &
  Readonly<{
    /** Events that are looked at before the reader is told how far the search has come; absent: not said. */
    window?: number;
    checkpointIntervalMultiplier: number;
  }>;

const readExpression = (expression: Reader): Readonly<{ regex: string; prefixes: readonly string[] }> => {
  let regex = '';
  const prefixes: string[] = [];
  while (expression.next()) {
    if (expression.field === 1) regex = expression.string();
    else if (expression.field === 2) prefixes.push(expression.string());
  }
  return { regex, prefixes };
};

/** `FilterOptions`. @throws RpcError for a filter on neither stream names nor event types */
export const readFilterOptions = (options: Reader): FilterOptions => {
  let description: FilterDescription | undefined;
  let window: number | undefined;
  let checkpointIntervalMultiplier = 0;
  while (options.next()) {
    if (options.field === 1) description = { on: 'stream', ...readExpression(options.nested()) };
    else if (options.field === 2) description = { on: 'type', ...readExpression(options.nested()) };
    else if (options.field === 3) window = options.number();
    else if (options.field === 5) checkpointIntervalMultiplier = options.number();
  }
  if (!description) throw invalidArgument('A filter is on stream names or on event types');
  return { ...description, ...(window !== undefined && { window }), checkpointIntervalMultiplier };
};

export type EventFilter = (event: EventRecord) => boolean;

/** .NET writes options at the head of an expression, JavaScript beside it. */
const INLINE_OPTIONS = /^\(\?([ims]+)\)/;

/**
 * What a filter means. It sees links, not what they point to. An expression is searched anywhere in the name, as .NET's `Match` does; a
 * list of prefixes matches when any of them begins the name, and an empty one never.
 * @throws RpcError where the expression cannot be read
 */
export const filterOf = ({ on, regex, prefixes }: FilterDescription): EventFilter => {
  const textOf = on === 'stream' ? ({ streamName }: EventRecord) => streamName : ({ type }: EventRecord) => type;
  if (regex === '') {
    return (event) => {
      const text = textOf(event);
      return prefixes.some((prefix) => text.startsWith(prefix));
    };
  }
  try {
    const pattern = new RegExp(regex.replace(INLINE_OPTIONS, ''), INLINE_OPTIONS.exec(regex)?.[1]);
    return (event) => pattern.test(textOf(event));
  } catch {
    // the real server's own answer
    throw handlerFailed();
  }
};
