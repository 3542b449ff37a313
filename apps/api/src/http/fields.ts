import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  registerDecorator,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { CURRENCY_PATTERN, isUtcInstant, LIST_MAX_ITEMS, MONEY_AMOUNT, NAME, TEXT, TITLE, type Length as Bounds } from '#domain/incident';

/**
 * What the fields of requests may be. Each is a class-validator rule and its line in the OpenAPI document in one, with the bounds of the
 * domain; a field that is not declared is refused.
 */
export type FieldOptions = Readonly<{ description?: string; optional?: true; nullable?: true; example?: unknown }>;

const shown = (options: FieldOptions, property: ApiPropertyOptions): PropertyDecorator => {
  const { optional, description, nullable, example } = options;
  const all = {
    ...property,
    ...(description && { description }),
    ...(nullable && { nullable }),
    ...(example !== undefined && { example }),
  };
  return optional ? ApiPropertyOptional(all as ApiPropertyOptions) : ApiProperty(all as ApiPropertyOptions);
};

const presence = ({ optional, nullable }: FieldOptions): PropertyDecorator[] => [
  ...(optional ? [ValidateIf((_, value) => value !== undefined)] : []),
  ...(nullable ? [ValidateIf((_, value) => value !== null)] : []),
];

const field = (options: FieldOptions, property: ApiPropertyOptions, ...rules: PropertyDecorator[]): PropertyDecorator =>
  applyDecorators(shown(options, property), ...presence(options), ...rules);

/** Text that is not only white space, and holds no control characters but line breaks and tabs. */
const WRITTEN = /^(?=[^]*\S)[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/;
export const isWritten = (text: string): boolean => WRITTEN.test(text);
const ONE_LINE = /^(?=.*\S)[^\u0000-\u001f\u007f]*$/;

const text = (bounds: Bounds, pattern: RegExp, options: FieldOptions) =>
  field(
    options,
    { type: String, minLength: bounds.min, maxLength: bounds.max },
    IsString(),
    Length(bounds.min, bounds.max),
    Matches(pattern, { message: '$property must hold text, and no control characters' }),
  );

export const TitleField = (options: FieldOptions = {}) => text(TITLE, ONE_LINE, options);
export const NameField = (options: FieldOptions = {}) => text(NAME, ONE_LINE, options);
export const TextField = ({ maxLength = TEXT.max, ...options }: FieldOptions & Readonly<{ maxLength?: number }> = {}) =>
  text({ ...TEXT, max: maxLength }, WRITTEN, options);

/** Text of a length of its own. */
export const BoundedTextField = (bounds: Bounds, options: FieldOptions = {}) => text(bounds, WRITTEN, options);

export const OneOfField = (values: readonly string[], options: FieldOptions = {}) =>
  field(options, { enum: [...values] }, IsIn([...values], { message: `$property must be one of ${values.join(', ')}` }));

export const ManyOfField = (values: readonly string[], options: FieldOptions = {}) =>
  field(
    options,
    { enum: [...values], isArray: true, maxItems: values.length },
    IsArray(),
    ArrayMaxSize(values.length),
    IsIn([...values], { each: true, message: `each of $property must be one of ${values.join(', ')}` }),
  );

/** A list of texts of one line each. */
export const LinesField = (bounds: Bounds, options: FieldOptions = {}) =>
  field(
    options,
    { type: 'array', items: { type: 'string', minLength: bounds.min, maxLength: bounds.max }, maxItems: LIST_MAX_ITEMS },
    IsArray(),
    ArrayMaxSize(LIST_MAX_ITEMS),
    IsString({ each: true }),
    Length(bounds.min, bounds.max, { each: true }),
    Matches(ONE_LINE, { each: true, message: 'each of $property must hold text, and no control characters' }),
  );

export const NamesField = (options: FieldOptions = {}) => LinesField(NAME, options);

export const NumberField = ({ min, max }: { min: number; max: number }, options: FieldOptions = {}) =>
  field(options, { type: 'integer', minimum: min, maximum: max }, IsInt(), Min(min), Max(max));

const IsInstant = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'isInstant',
    target: target.constructor,
    propertyName: property as string,
    validator: {
      validate: isUtcInstant,
      defaultMessage: () => '$property must be an instant in UTC, such as 2026-01-31T08:00:00Z',
    },
  });

export const InstantField = (options: FieldOptions = {}) => field(options, { type: String, format: 'date-time' }, IsInstant());

/** An instant as it is recorded: to the millisecond, so that instants compare as text. */
export const utc = (instant: string): string => new Date(instant).toISOString();

export const PatternField = (pattern: RegExp, expected: string, options: FieldOptions = {}) =>
  field(options, { type: String, pattern: pattern.source }, IsString(), Matches(pattern, { message: `$property must be ${expected}` }));

// Nest takes a function for one that gives a class, and not for a class, by its name: `type`
export const NestedField = (of: () => new () => object, options: FieldOptions = {}) =>
  field(options, { type: () => of() }, ValidateNested(), IsPlainObject(), Type(of));

export const NestedListField = (of: () => new () => object, options: FieldOptions = {}) =>
  field(
    options,
    { type: () => of(), isArray: true, maxItems: LIST_MAX_ITEMS },
    IsArray(),
    ArrayMaxSize(LIST_MAX_ITEMS),
    ValidateNested({ each: true }),
    Type(of),
  );

const IsPlainObject = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'isPlainObject',
    target: target.constructor,
    propertyName: property as string,
    validator: {
      validate: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      defaultMessage: () => '$property must be an object',
    },
  });

/** An object whose fields are judged by what the rest of the request says it is. */
export const NestedObjectField = (options: FieldOptions = {}) =>
  field(options, { type: 'object', additionalProperties: true }, IsPlainObject());

/** A value of whatever kind a recorded fact is of; the rest of the request says which, and the rule judges it. */
export const FactValueField = (options: FieldOptions = {}) =>
  field(
    { ...options, optional: true },
    {
      anyOf: [
        { type: 'string' },
        { type: 'integer' },
        { type: 'array', items: { type: 'string' } },
        { type: 'object', additionalProperties: true },
        { type: 'null' },
      ],
    },
    IsOptional(),
  );

/** Money in minor units (cents) of an ISO 4217 currency. */
export class MoneyDto {
  @NumberField(MONEY_AMOUNT, { description: 'In minor units: 1250 is 12.50 of a currency with cents.' })
  amount!: number;

  @PatternField(CURRENCY_PATTERN, 'an ISO 4217 code such as EUR', { example: 'EUR' })
  currency!: string;
}

/** What every command may say: when it happened, where that was before now. */
export class OccurredDto {
  @InstantField({ optional: true, description: 'When it happened, where that was before it is recorded.' })
  occurredAt?: string;
}
