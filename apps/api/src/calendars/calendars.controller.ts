import { Body, Controller, Get, HttpCode, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HOLIDAY_FEED_LIMITS } from '#adapters/icalendar';
import { CALENDARS } from '#domain/definitions';
import { definitionIdParam } from '../definitions/definition-id.js';
import { answerCommand } from '../http/command-answer.js';
import { commandRequestOf } from '../http/command-request.js';
import { answeredAt } from '../http/answered-at.js';
import { answerPage } from '../http/page-answer.js';
import { entryIdParam } from '../http/parameters.js';
import {
  Answers,
  asExample,
  COMMAND_PROBLEMS,
  CommandHeaders,
  DefinitionIdParam,
  EntryIdParam,
  ICALENDAR,
  Problems,
} from '../http/responses.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import type { AnswerOf } from '../schemas/schema.js';
import { DEADLINE, HOLIDAYS_ANSWER, WORKING_TIME } from './calendars.schema.js';
import { GetDeadline, GetDeadlineDto } from './get-deadline.js';
import { GetWorkingTime, GetWorkingTimeDto } from './get-working-time.js';
import { HOLIDAY_FEED_ROUTE, holidaysIn } from './holiday-feed.js';
import { ImportHolidaysCommand, ImportHolidaysDto } from './import-holidays.js';

export const FEED_EXAMPLE = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Example//Days off//EN',
  'BEGIN:VEVENT',
  'UID:christmas@example.org',
  'DTSTAMP:20260101T000000Z',
  'DTSTART;VALUE=DATE:20201225',
  'RRULE:FREQ=YEARLY',
  'SUMMARY:Christmas',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

/** What time is by a calendar, and its days off by a feed. */
@ApiTags(CALENDARS.path)
@Controller(`${CALENDARS.path}/:id`)
export class CalendarsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get('working-time')
  @ApiOperation({
    operationId: 'GetWorkingTime',
    summary: 'The working time between two instants',
    description: 'Through all versions of the calendar: each counts from its instant on, and the first one before that, too.',
  })
  @DefinitionIdParam()
  @Answers(200, 'How much it is, and a page of its stretches', WORKING_TIME, 'Faultline-Position', 'Link')
  @Problems(400, 404, 503)
  async workingTime(
    @Param('id') text: string,
    @Query() asked: GetWorkingTimeDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof WORKING_TIME>> {
    const calendar = definitionIdParam(CALENDARS, text);
    const found = await this.queries.execute(new GetWorkingTime(calendar, asked, nowOf(this.options)));
    const { from, to, elapsedSeconds, businessSeconds, businessDays } = found.value;
    return { calendar, from, to, elapsedSeconds, businessSeconds, businessDays, ...answerPage(found, request, reply) };
  }

  @Get('deadline')
  @ApiOperation({
    operationId: 'GetDeadline',
    summary: 'When so much time has passed since an instant',
    description:
      'And when it would have, were it taken for what it is not: one business day ends elsewhere than 24 business hours, or 24 elapsed ones.',
  })
  @DefinitionIdParam()
  @Answers(200, 'When it ends', DEADLINE, 'Faultline-Position')
  @Problems(400, 404, 503)
  async deadline(
    @Param('id') text: string,
    @Query() { from = nowOf(this.options), amount, unit }: GetDeadlineDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof DEADLINE>> {
    const calendar = definitionIdParam(CALENDARS, text);
    const { value, position } = await this.queries.execute(new GetDeadline(calendar, { amount, unit }, from));
    return { ...answeredAt(reply, position), calendar, ...value };
  }

  @Put(HOLIDAY_FEED_ROUTE)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'ImportHolidays',
    summary: 'Take days off from an iCalendar feed',
    description:
      'A new version of the calendar has them: what it had from this feed in that time gives way, days off by hand or by other feeds stay. ' +
      `Of every event that lasts whole days, also of those that repeat. The body is iCalendar (RFC 5545), up to ${HOLIDAY_FEED_LIMITS.sizeBytes} bytes; ` +
      'nothing that it refers to is fetched.',
  })
  @ApiConsumes(ICALENDAR)
  @ApiBody({
    schema: { type: 'string', maxLength: HOLIDAY_FEED_LIMITS.sizeBytes },
    examples: asExample(FEED_EXAMPLE),
  })
  @DefinitionIdParam()
  @EntryIdParam('feed', 'belgium')
  @CommandHeaders()
  @Answers(200, 'Defined anew, or it was so already', HOLIDAYS_ANSWER, 'ETag', 'Faultline-Position')
  @Problems(...COMMAND_PROBLEMS, 404)
  async importHolidays(
    @Param('id') text: string,
    @Param('feed') feedText: string,
    @Query() { from, to, effectiveFrom }: ImportHolidaysDto,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof HOLIDAYS_ANSWER>> {
    const id = definitionIdParam(CALENDARS, text);
    const feed = entryIdParam(feedText, 'feed');
    const sent = { body, from, to, effectiveFrom };
    const asked = commandRequestOf(request, this.options, 'ImportHolidays', `${id}/${feed}`, sent);
    const found = holidaysIn(body, { feed, now: asked.now, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
    const command = new ImportHolidaysCommand(id, { ...found, ...(effectiveFrom !== undefined && { effectiveFrom }) }, asked);
    const result = await this.commands.execute(command);
    const holidays = found.holidays.map(({ date, name }) => ({ date, name }));
    return { id, feed, from: found.from, to: found.to, holidays, ...answerCommand(reply, result) };
  }
}
