import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ON_CALL_SCHEDULES, PEOPLE } from '#domain/definitions';
import { definitionIdParam } from '../definitions/definition-id.js';
import { answeredAt } from '../http/answered-at.js';
import { answerPage } from '../http/page-answer.js';
import { Answers, DefinitionIdParam, ICALENDAR, Problems } from '../http/responses.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import type { AnswerOf } from '../schemas/schema.js';
import { GetCoverage, GetCoverageDto } from './get-coverage.js';
import { GetOnCall, GetOnCallDto } from './get-on-call.js';
import { FEED_DAYS, GetShiftFeed } from './get-shift-feed.js';
import { GetShifts, GetShiftsDto, type ShiftsOf } from './get-shifts.js';
import { COVERAGE, FEED, ON_CALL, SHIFT_PAGE } from './on-call.schema.js';

const ABOUT_FEEDS =
  `From ${FEED_DAYS.back} days ago to ${FEED_DAYS.ahead} days ahead. A calendar program subscribes to this address, and asks again from time to time: ` +
  'the same shift keeps its UID, and one that was changed has a higher SEQUENCE.';

const ofSchedule = (id: string): ShiftsOf => ({ schedule: definitionIdParam(ON_CALL_SCHEDULES, id) });
const ofPerson = (id: string): ShiftsOf => ({ person: definitionIdParam(PEOPLE, id) });

/** Who is on call. Nothing here changes anything. */
@ApiTags('on-call')
@Controller()
export class OnCallController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get('on-call')
  @ApiOperation({ operationId: 'GetOnCall', summary: 'Who is on call at an instant, by schedule, and why' })
  @Answers(200, 'A page of schedules', ON_CALL, 'Faultline-Position', 'Link')
  @Problems(400, 404, 503)
  async onCall(
    @Query() asked: GetOnCallDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof ON_CALL>> {
    const { at = nowOf(this.options) } = asked;
    return { at, ...answerPage(await this.queries.execute(new GetOnCall(asked, at)), request, reply) };
  }

  @Get('on-call/coverage')
  @ApiOperation({ operationId: 'GetCoverage', summary: 'Gaps and double bookings ahead' })
  @Answers(200, 'What is wrong with the turns', COVERAGE, 'Faultline-Position')
  @Problems(400, 404, 503)
  async coverage(@Query() asked: GetCoverageDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<AnswerOf<typeof COVERAGE>> {
    const { position, ...coverage } = await this.queries.execute(new GetCoverage(asked, nowOf(this.options)));
    return { ...answeredAt(reply, position), ...coverage };
  }

  @Get('on-call-schedules/:id/shifts')
  @ApiOperation({ operationId: 'GetShiftsOfSchedule', summary: 'The shifts of a schedule' })
  @DefinitionIdParam()
  @Answers(200, 'A page of shifts', SHIFT_PAGE, 'Faultline-Position', 'Link')
  @Problems(400, 404, 503)
  ofSchedule(
    @Param('id') id: string,
    @Query() asked: GetShiftsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof SHIFT_PAGE>> {
    return this.shifts(ofSchedule(id), asked, request, reply);
  }

  @Get('people/:id/shifts')
  @ApiOperation({ operationId: 'GetShiftsOfPerson', summary: 'The shifts of a person, in whichever schedules' })
  @DefinitionIdParam()
  @Answers(200, 'A page of shifts', SHIFT_PAGE, 'Faultline-Position', 'Link')
  @Problems(400, 404, 503)
  ofPerson(
    @Param('id') id: string,
    @Query() asked: GetShiftsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof SHIFT_PAGE>> {
    return this.shifts(ofPerson(id), asked, request, reply);
  }

  @Get('on-call-schedules/:id/shifts.ics')
  @ApiOperation({
    operationId: 'GetShiftFeedOfSchedule',
    summary: 'The shifts of a schedule, for calendar programs',
    description: ABOUT_FEEDS,
  })
  @DefinitionIdParam()
  @Answers(200, 'The shifts', { [ICALENDAR]: FEED }, 'Faultline-Position')
  @Problems(400, 404, 503)
  feedOfSchedule(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.feed(ofSchedule(id), reply);
  }

  @Get('people/:id/shifts.ics')
  @ApiOperation({ operationId: 'GetShiftFeedOfPerson', summary: 'The shifts of a person, for calendar programs', description: ABOUT_FEEDS })
  @DefinitionIdParam()
  @Answers(200, 'The shifts', { [ICALENDAR]: FEED }, 'Faultline-Position')
  @Problems(400, 404, 503)
  feedOfPerson(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.feed(ofPerson(id), reply);
  }

  private async shifts(of: ShiftsOf, asked: GetShiftsDto, request: FastifyRequest, reply: FastifyReply) {
    return answerPage(await this.queries.execute(new GetShifts(of, asked, nowOf(this.options))), request, reply);
  }

  private async feed(of: ShiftsOf, reply: FastifyReply): Promise<string> {
    const { value, position } = await this.queries.execute(new GetShiftFeed(of, nowOf(this.options)));
    answeredAt(reply, position);
    void reply.header('content-type', `${ICALENDAR}; charset=utf-8`);
    return value;
  }
}
