import { BsonType, fieldsOf, itemsOf, type RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import type { Compiling, Expression, OperatorFactory, Value } from './scope.js';

/** The operands: the items of an array, or the one that stands alone. @throws CommandError Location16020, where their number is wrong */
export const operands = (name: string, operand: RawValue, { compile }: Compiling, least: number, most = least): Expression[] => {
  const items = operand.type === BsonType.array ? itemsOf(operand) : [operand];
  if (items.length < least || items.length > most) {
    const wanted = least === most ? `exactly ${least}` : `between ${least} and ${most}`;
    throw new CommandError('Location16020', `Expression ${name} takes ${wanted} arguments. ${items.length} were passed in.`);
  }
  return items.map((item) => compile(item));
};

/** The named operands. @throws CommandError FailedToParse, for one that is missing or not known */
export const named = (
  name: string,
  operand: RawValue,
  required: readonly string[],
  optional: readonly string[] = [],
): Map<string, RawValue> => {
  if (operand.type !== BsonType.object) throw new CommandError('FailedToParse', `${name} only supports an object as its argument`);
  const fields = fieldsOf(operand);
  for (const field of fields.keys())
    if (!required.includes(field) && !optional.includes(field))
      throw new CommandError('FailedToParse', `Unrecognized parameter to ${name}: ${field}`);
  const missing = required.find((field) => !fields.has(field));
  if (missing !== undefined) throw new CommandError('FailedToParse', `Missing '${missing}' parameter to ${name}`);
  return fields;
};

export const unary =
  (name: string, evaluate: (value: Value) => Value): OperatorFactory =>
  (operand, compiling) => {
    const [only] = operands(name, operand, compiling, 1) as [Expression];
    return (scope) => evaluate(only(scope));
  };
