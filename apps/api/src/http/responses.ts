import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** One wrong field of a request. */
export class FieldFaultDto {
  @ApiProperty({ example: 'urgency' })
  field!: string;

  @ApiProperty({ example: 'urgency must be one of high, medium, low' })
  message!: string;
}

/** Problem Details, RFC 9457. */
export class ProblemDto {
  @ApiProperty({ example: '/docs/problems#INCIDENT_CLOSED' })
  type!: string;

  @ApiProperty({ example: 'Conflict' })
  title!: string;

  @ApiProperty({ example: 409 })
  status!: number;

  @ApiProperty()
  detail!: string;

  @ApiProperty({ description: 'The path that was asked.' })
  instance!: string;

  @ApiProperty({ description: 'For programs; it never changes.', example: 'INCIDENT_CLOSED' })
  code!: string;

  @ApiProperty({ type: [FieldFaultDto], required: false })
  errors?: FieldFaultDto[];
}

/** What a command did. */
export class CommandResultDto {
  @ApiProperty({ example: 'INC0000001' })
  incidentId!: string;

  @ApiProperty({ description: 'The place of its last event in the history, from 0; the ETag.' })
  revision!: number;

  @ApiProperty({ description: 'The place of that event in the log: ask queries for `after` it to see it.', example: '4711' })
  position!: string;

  @ApiProperty({ description: 'false: there was nothing to do.' })
  changed!: boolean;

  @ApiProperty({ description: 'true: it was done before, under this Idempotency-Key.' })
  repeated!: boolean;
}

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'What was sent cannot be read or accepted; `errors` names each field',
  401: 'Nobody is believed here who names itself by headers',
  404: 'There is no such thing',
  409: 'The incident is in a status that forbids it, or others keep changing it',
  412: 'The revision pinned by If-Match is not the last one any more',
  413: 'The body is larger than this server reads',
  415: 'The body is not JSON',
  422: 'The Idempotency-Key was used before with another request',
  503: 'An engine or a view is not there yet: try again after Retry-After seconds',
};

/** The Problems that a route answers with. */
export const Problems = (...statuses: readonly number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ApiExtraModels(ProblemDto),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: MEANINGS[status] ?? '',
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
      }),
    ),
  );

/** The headers that every command takes. */
export const CommandHeaders = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({ name: 'Faultline-Actor', required: true, description: 'Who asks: kind and id.', example: 'person:jane.doe' }),
    ApiHeader({ name: 'Faultline-Actor-Name', required: false, description: 'What they are called, percent-encoded.' }),
    ApiHeader({ name: 'Faultline-Actor-Roles', required: false, description: 'Comma-separated.' }),
    ApiHeader({ name: 'Faultline-On-Behalf-Of', required: false }),
    ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Resent with the same key, the command is done once.' }),
    ApiHeader({ name: 'If-Match', required: false, description: 'The ETag to decide at, or not at all.' }),
  );
