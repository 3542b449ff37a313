import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { derivedId } from '#kernel';
import { PEOPLE } from '#domain/definitions';
import { definitionIdParam } from '../definitions/definition-id.js';
import { answerCommand } from '../http/command-answer.js';
import { commandRequestOf } from '../http/command-request.js';
import { answerPage } from '../http/page-answer.js';
import { entryIdParam } from '../http/parameters.js';
import { Answers, asExample, COMMAND_PROBLEMS, CommandHeaders, DefinitionIdParam, EntryIdParam, Problems } from '../http/responses.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import type { AnswerOf } from '../schemas/schema.js';
import { END_ABSENCE_EXAMPLE, EndAbsenceCommand, EndAbsenceDto } from './end-absence.js';
import { GetPresence, GetPresenceDto } from './get-presence.js';
import { GetWorkloads, GetWorkloadsDto } from './get-workloads.js';
import { ABSENCE_ANSWER, PRESENCE, WORKLOADS } from './people.schema.js';
import { REPORT_ABSENCE_EXAMPLE, ReportAbsenceCommand, ReportAbsenceDto } from './report-absence.js';

/** Who is there, how much they hold, and when they are away. */
@ApiTags(PEOPLE.path)
@Controller()
export class PeopleController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get('presence')
  @ApiOperation({ operationId: 'GetPresence', summary: 'Who is there at an instant, by working hours and absences' })
  @Answers(200, 'A page of people', PRESENCE, 'Faultline-Position', 'Link')
  @Problems(400, 404, 503)
  async presence(
    @Query() asked: GetPresenceDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof PRESENCE>> {
    const { at = nowOf(this.options) } = asked;
    const found = await this.queries.execute(new GetPresence(asked, at));
    return { at, summary: found.value.summary, ...answerPage(found, request, reply) };
  }

  @Get('workloads')
  @ApiOperation({ operationId: 'GetWorkloads', summary: 'How many open incidents people hold, and can hold' })
  @Answers(200, 'A page of people', WORKLOADS, 'Faultline-Position', 'Link')
  @Problems(400, 404, 503)
  async workloads(
    @Query() asked: GetWorkloadsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof WORKLOADS>> {
    const reading = await this.queries.execute(new GetWorkloads(asked, nowOf(this.options)));
    return { settled: reading.settled, summary: reading.value.summary, ...answerPage(reading, request, reply) };
  }

  @Post('people/:id/absences')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'ReportAbsence',
    summary: 'Say that somebody is, or will be, away',
    description: 'Until they are back, no rule gives them an incident. It may have begun, but must not be over; absences may overlap.',
  })
  @ApiBody({ type: ReportAbsenceDto, examples: asExample(REPORT_ABSENCE_EXAMPLE) })
  @DefinitionIdParam()
  @CommandHeaders()
  @Answers(200, 'Done, or it was so already', ABSENCE_ANSWER, 'ETag', 'Faultline-Position')
  @Problems(...COMMAND_PROBLEMS, 404)
  async reportAbsence(
    @Param('id') text: string,
    @Body() body: ReportAbsenceDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof ABSENCE_ANSWER>> {
    const id = definitionIdParam(PEOPLE, text);
    const asked = commandRequestOf(request, this.options, 'ReportAbsence', id, body);
    const { absenceId = derivedId('absence', asked.context.commandId) } = body;
    const result = await this.commands.execute(new ReportAbsenceCommand(id, { ...body, absenceId }, asked));
    return { id, absenceId, ...answerCommand(reply, result) };
  }

  @Delete('people/:id/absences/:absenceId')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'EndAbsence',
    summary: 'Say that somebody is back early, or does not go',
    description: 'To be away longer is another absence.',
  })
  @ApiBody({ type: EndAbsenceDto, examples: asExample(END_ABSENCE_EXAMPLE) })
  @DefinitionIdParam()
  @EntryIdParam('absenceId', 'a-1')
  @CommandHeaders()
  @Answers(200, 'Done, or it was so already', ABSENCE_ANSWER, 'ETag', 'Faultline-Position')
  @Problems(...COMMAND_PROBLEMS, 404)
  async endAbsence(
    @Param('id') text: string,
    @Param('absenceId') absenceText: string,
    @Body() body: EndAbsenceDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof ABSENCE_ANSWER>> {
    const id = definitionIdParam(PEOPLE, text);
    const absenceId = entryIdParam(absenceText, 'absenceId');
    const asked = commandRequestOf(request, this.options, 'EndAbsence', `${id}/${absenceId}`, body);
    const result = await this.commands.execute(new EndAbsenceCommand(id, { ...body, absenceId }, asked));
    return { id, absenceId, ...answerCommand(reply, result) };
  }
}
