import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { isUtcInstant, NAME } from '#incident';

/** What query parameters may be. They come as text, all of them optional; one that is not declared is refused. */
const parameter = (description: string, ...rules: PropertyDecorator[]) =>
  applyDecorators(ApiPropertyOptional({ description }), IsOptional(), ...rules);

export const NameParameter = (description: string) => parameter(description, IsString(), Length(NAME.min, NAME.max));

export const OneOfParameter = (values: readonly string[], description: string) =>
  applyDecorators(
    ApiPropertyOptional({ description, enum: [...values] }),
    IsOptional(),
    IsIn([...values], { message: `$property must be one of ${values.join(', ')}` }),
  );

export const BooleanParameter = (description: string) =>
  parameter(
    description,
    Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)),
    IsBoolean({ message: '$property must be true or false' }),
  );

/** An instant in UTC; written to the millisecond, as recorded instants are, so that they compare as text. */
export const InstantParameter = (description: string) =>
  parameter(
    description,
    Transform(({ value }: { value: unknown }) => (isUtcInstant(value) ? new Date(value).toISOString() : value)),
    Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, { message: '$property must be an instant in UTC, such as 2026-01-31T08:00:00Z' }),
  );

export const CountParameter = (max: number, description: string) =>
  parameter(
    description,
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value)),
    IsInt({ message: `$property must be a whole number from 1 to ${max}` }),
    Min(1),
    Max(max),
  );

export const PositionParameter = (description: string) =>
  parameter(description, Matches(/^\d{1,19}$/, { message: '$property must be a position of the log, as Faultline-Position told it' }));

/** The most items that any page holds; a site may set less. */
export const MOST_PER_PAGE = 1_000;
export const DEFAULT_PER_PAGE = 50;

/** What every query of a view takes. */
export class FreshDto {
  @PositionParameter('Answer only once the view has every event up to this position: to read your own writes.')
  after?: string;
}

/** What every list takes. */
export class PageDto extends FreshDto {
  @CountParameter(MOST_PER_PAGE, `Items on one page; ${DEFAULT_PER_PAGE} when nothing is said, and no more than the site allows.`)
  limit?: number;

  @parameter('Where the page before ended: take the Link header’s next.', IsString(), Length(1, 2_000))
  cursor?: string;
}
