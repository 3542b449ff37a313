import { BsonType, type RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';

/**
 * A BSON regular expression (or `$regex` text) as a JavaScript one. MongoDB's are PCRE2: what JavaScript's engine does not know is refused,
 * never silently read otherwise.
 * @throws CommandError BadValue
 */
export const regexOf = (value: RawValue, options?: string): RegExp => {
  let pattern: string;
  let flags = options ?? '';
  if (value.type === BsonType.regex) {
    const end = value.bytes.indexOf(0, value.start);
    pattern = value.bytes.toString('utf8', value.start, end);
    if (options === undefined) flags = value.bytes.toString('utf8', end + 1, value.end - 1);
  } else if (value.type === BsonType.string) pattern = value.text();
  else throw new CommandError('BadValue', '$regex has to be a string');
  const unknown = [...flags].find((flag) => !'imsu'.includes(flag));
  if (unknown !== undefined) throw new CommandError('BadValue', `This node does not take the regular expression option '${unknown}'`);
  try {
    return new RegExp(pattern, [...new Set(flags)].join(''));
  } catch (error) {
    throw new CommandError('BadValue', `Regular expression is invalid: ${error instanceof Error ? error.message : String(error)}`);
  }
};
