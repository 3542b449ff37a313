import { arrayOf, documentOf, NULL } from '../bson/build.js';
import { parsePath } from '../bson/path.js';
import { BsonType, fieldsOf, itemsOf, type RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import { isMingoOperator, viaMingoOperator } from './mingo-operators.js';
import { OPERATORS } from './operators.js';
import type { Compiling, Expression, Scope, Value } from './scope.js';
import { fieldAt } from './values.js';

/** Variables that are there without being defined. */
const SYSTEM: ReadonlySet<string> = new Set(['ROOT', 'CURRENT', 'REMOVE', 'NOW']);

/** Whether there is an expression operator of this name. */
export const isOperator = (name: string): boolean => Object.hasOwn(OPERATORS, name) || isMingoOperator(name);

const constant =
  (value: Value): Expression =>
  () =>
    value;

/**
 * Compiles an aggregation expression. Values stay BSON from field to result, so that a type is kept through every operator of this node; the leaf operators that
 * it leaves to mingo see JavaScript values.
 * @throws CommandError for an operator or a variable that does not exist, or arguments that the operator does not take
 */
export const compileExpression = (expression: RawValue, variables: ReadonlySet<string> = new Set()): Expression => {
  const compiling: Compiling = {
    compile: (inner, more) => compileExpression(inner, more ? new Set([...variables, ...more]) : variables),
  };
  switch (expression.type) {
    case BsonType.string: {
      const text = expression.text();
      if (!text.startsWith('$')) return constant(expression);
      return text.startsWith('$$') ? variable(text.slice(2), variables) : field(text.slice(1));
    }
    case BsonType.array: {
      const items = itemsOf(expression).map((item) => compiling.compile(item));
      return (scope) => arrayOf(items.map((item) => item(scope) ?? NULL));
    }
    case BsonType.object:
      return object(expression, compiling);
    default:
      return constant(expression);
  }
};

const field = (dotted: string): Expression => {
  if (dotted === '' || dotted.split('.').includes('')) throw new CommandError('Location40353', "FieldPath must not end with a '.'.");
  const path = parsePath(dotted);
  return ({ root }) => fieldAt(root, path);
};

const variable = (dotted: string, variables: ReadonlySet<string>): Expression => {
  const [name = '', ...rest] = dotted.split('.');
  if (!SYSTEM.has(name) && !variables.has(name)) throw new CommandError('Location17276', `Use of undefined variable: ${name}`);
  const base: (scope: Scope) => Value = name === 'ROOT' || name === 'CURRENT' ? ({ root }) => root : (scope) => scope.variables[name];
  if (rest.length === 0) return base;
  const path = parsePath(rest.join('.'));
  return (scope) => fieldAt(base(scope), path);
};

const object = (expression: RawValue, compiling: Compiling): Expression => {
  const fields = [...fieldsOf(expression)];
  const [name = '', operand] = fields[0] ?? [];
  if (!name.startsWith('$') || !operand) {
    const compiled = fields.map(([each, value]) => {
      if (each.includes('.'))
        throw new CommandError('Location16412', `FieldPath field names may not contain '.'. Consider using $getField or $setField.`);
      return [each, compiling.compile(value)] as const;
    });
    return (scope) => documentOf(compiled.map(([each, value]) => [each, value(scope)] as const));
  }
  if (fields.length !== 1)
    throw new CommandError(
      'Location15983',
      `An object representing an expression must have exactly one field: ${fields.map(([each]) => each).join(', ')}`,
    );
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  return operator ? operator(operand, compiling) : viaMingoOperator(name, operand, compiling);
};
