import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, IntersectionType, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { isUtcInstant, NAME } from '#domain/incident';
import { POSITION_PATTERN } from './parameters.js';

/** What query parameters may be. They come as text, and are optional where nothing else is said; one that is not declared is refused. */
const parameter = (shown: ApiPropertyOptions, ...rules: PropertyDecorator[]) =>
  applyDecorators(ApiPropertyOptional(shown), IsOptional(), ...rules);

const neededParameter = (shown: ApiPropertyOptions, ...rules: PropertyDecorator[]) =>
  applyDecorators(ApiProperty({ ...shown, required: true } as ApiPropertyOptions), ...rules);

export const TextParameter = (description: string, example: string, maxLength: number = NAME.max) =>
  parameter({ type: String, minLength: 1, maxLength, description, example }, IsString(), Length(1, maxLength));

type Rules = Parameters<typeof parameter>;

const oneOf = (values: readonly string[], description: string): Rules => [
  { enum: [...values], description, example: values[0] },
  IsIn([...values], { message: `$property must be one of ${values.join(', ')}` }),
];

export const OneOfParameter = (values: readonly string[], description: string) => parameter(...oneOf(values, description));

export const NeededOneOfParameter = (values: readonly string[], description: string) => neededParameter(...oneOf(values, description));

export const BooleanParameter = (description: string) =>
  parameter(
    { type: Boolean, description, example: true },
    Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)),
    IsBoolean({ message: '$property must be true or false' }),
  );

/** An instant in UTC; written to the millisecond, as recorded instants are, so that they compare as text. */
export const InstantParameter = (description: string) =>
  parameter(
    { type: String, format: 'date-time', description, example: '2026-01-31T08:00:00Z' },
    Transform(({ value }: { value: unknown }) => (isUtcInstant(value) ? new Date(value).toISOString() : value)),
    Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, { message: '$property must be an instant in UTC, such as 2026-01-31T08:00:00Z' }),
  );

const count = (max: number, description: string): Rules => [
  { type: 'integer', minimum: 1, maximum: max, description, example: Math.min(20, max) },
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value)),
  IsInt({ message: `$property must be a whole number from 1 to ${max}` }),
  Min(1),
  Max(max),
];

/** A whole number from 1 on. */
export const CountParameter = (max: number, description: string) => parameter(...count(max, description));

export const NeededCountParameter = (max: number, description: string) => neededParameter(...count(max, description));

export const PatternParameter = (pattern: RegExp, expected: string, description: string, example: string) =>
  parameter(
    { type: String, pattern: pattern.source, description, example },
    Matches(pattern, { message: `$property must be ${expected}` }),
  );

export const PositionParameter = (description: string) =>
  PatternParameter(POSITION_PATTERN, 'a position of the log, as Faultline-Position told it', description, '4711');

/** The most items that any page holds; a site may set less. */
export const MOST_PER_PAGE = 1_000;
export const DEFAULT_PER_PAGE = 50;

/** The longest cursor: the fields of a sort, at their longest. */
const CURSOR_LENGTH = 2_000;

/** What every query of a view takes. */
export class FreshDto {
  @PositionParameter('Answer only once the view has every event up to this position: to read your own writes.')
  after?: string;
}

/** What every list takes. */
export class ListDto {
  @CountParameter(MOST_PER_PAGE, `Items on one page; ${DEFAULT_PER_PAGE} when nothing is said, and no more than the site allows.`)
  limit?: number;

  @TextParameter('Where the page before ended: take the Link header’s next.', 'WyIxX2lkIixbIklOQzAwMDAwMDEiXV0', CURSOR_LENGTH)
  cursor?: string;
}

/** What every list of a view takes. */
export class PageDto extends IntersectionType(FreshDto, ListDto) {}
