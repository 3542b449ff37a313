import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerCommand } from '../http/command-answer.js';
import { commandRequestOf } from '../http/command-request.js';
import { answeredAtRevision } from '../http/answered-at.js';
import { answerViewPage } from '../http/page-answer.js';
import { noticeIdParam } from '../http/parameters.js';
import { Answers, asExample, COMMAND_PROBLEMS, CommandHeaders, NoticeIdParam, Problems } from '../http/responses.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import type { AnswerOf } from '../schemas/schema.js';
import { GetNotice } from './get-notice.js';
import { ListNotices, ListNoticesDto } from './list-notices.js';
import { NOTICE, NOTICE_COMMAND, NOTICE_PAGE, PREVIEW } from './notice.schema.js';
import { PreviewTemplate, PreviewTemplateDto } from './preview-template.js';
import { RequeueNoticeCommand, RequeueNoticeDto } from './requeue-notice.js';

const REQUEUE_EXAMPLE: RequeueNoticeDto = { reason: 'The mail server takes mail again' };

const PREVIEW_EXAMPLE: PreviewTemplateDto = {
  occasion: 'assigned-to-you',
  language: 'nl',
  timeZone: 'Europe/Brussels',
  draft: { subject: '{{incidentId}} is van jou', text: '{{title}}{{#if priority}} ({{priority}}){{/if}}' },
  facts: { title: 'Niemand in Gent kan afdrukken' },
};

/** What people were told, whether it reached them, and how it is worded. */
@ApiTags('notices')
@Controller()
export class NoticesController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get('notices')
  @ApiOperation({ operationId: 'ListNotices', summary: 'What people were told, or are about to be told: the newest first' })
  @Answers(200, 'A page of notices, without their texts', NOTICE_PAGE, 'Faultline-Position', 'Link')
  @Problems(400, 503)
  async list(
    @Query() asked: ListNoticesDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof NOTICE_PAGE>> {
    return answerViewPage(await this.queries.execute(new ListNotices(asked)), request, reply);
  }

  @Get('notices/:noticeId')
  @ApiOperation({ operationId: 'GetNotice', summary: 'One notice, with its text and every attempt to send it' })
  @NoticeIdParam()
  @Answers(200, 'The notice, from its own history', NOTICE, 'ETag', 'Faultline-Position')
  @Problems(400, 404, 503)
  async get(@Param('noticeId') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<AnswerOf<typeof NOTICE>> {
    const { notice, revision, position, ...history } = await this.queries.execute(new GetNotice(noticeIdParam(id)));
    const { state: _, recipientKey: __, isHeld: ___, ...shown } = notice;
    return { ...shown, ...history, ...answeredAtRevision(reply, { revision, position }) };
  }

  @Post('notices/:noticeId/requeues')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'RequeueNotice',
    summary: 'Have a notice that failed tried again, at once and with all attempts before it',
    description: 'One that was given up, or that waits after a failure. A person’s address is looked up anew.',
  })
  @NoticeIdParam()
  @ApiBody({ type: RequeueNoticeDto, examples: asExample(REQUEUE_EXAMPLE) })
  @CommandHeaders()
  @Answers(200, 'It is in the outbox again', NOTICE_COMMAND, 'ETag', 'Faultline-Position')
  @Problems(...COMMAND_PROBLEMS, 404)
  async requeue(
    @Param('noticeId') text: string,
    @Body() body: RequeueNoticeDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof NOTICE_COMMAND>> {
    const noticeId = noticeIdParam(text);
    const asked = commandRequestOf(request, this.options, 'RequeueNotice', noticeId, body);
    return { noticeId, ...answerCommand(reply, await this.commands.execute(new RequeueNoticeCommand(noticeId, body, asked))) };
  }

  @Post('notice-template-previews')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'PreviewTemplate',
    summary: 'What a template would make of an example',
    description: 'The one in force, or a draft. Nothing is changed, nothing is kept, and nobody is told.',
  })
  @ApiBody({ type: PreviewTemplateDto, examples: asExample(PREVIEW_EXAMPLE) })
  @Answers(200, 'As somebody would get it', PREVIEW)
  @Problems(400, 409, 413, 415, 503)
  preview(@Body() body: PreviewTemplateDto): Promise<AnswerOf<typeof PREVIEW>> {
    return this.queries.execute(new PreviewTemplate(body, nowOf(this.options)));
  }
}
