import { Body, Controller, Get, Inject, Param, Post, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isRecord, Refusal } from '#kernel';
import type { IncidentDetails } from '#projections';
import { PEOPLE } from '#domain/definitions';
import { isWritten } from '../http/fields.js';
import { TAKES_FORMS } from '../http/forms.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import { RETRY_AFTER_SECONDS } from '../problems/problem.js';
import { Confirmation, type Standing } from './confirmation.js';
import { confirmationPage, PAGE_HEADERS, REASON_LIMIT } from './confirmation-page.js';
import { languageFor, type Outcome } from './confirmation-words.js';

const STATUS: Readonly<Record<Outcome, number>> = {
  asked: 200,
  confirmed: 200,
  'reason-wanted': 400,
  rejected: 200,
  closed: 409,
  'moved-on': 409,
  invalid: 404,
  expired: 410,
  unavailable: 503,
  failed: 500,
};

/** A reason as somebody typed it; `undefined` where it is none, or too long. */
const reasonIn = (text: string): string | undefined => {
  const reason = text.replaceAll('\r\n', '\n').trim();
  return isWritten(reason) && reason.length <= REASON_LIMIT ? reason : undefined;
};

const typedIn = (body: unknown): string => (isRecord(body) && typeof body.reason === 'string' ? body.reason : '');

/**
 * The pages to which the links of a notice lead. `GET` shows, and only `POST` acts: mail scanners follow links
 * (docs/decisions/links-show-and-buttons-act.md).
 */
@ApiExcludeController()
@Controller({ path: 'confirm', version: VERSION_NEUTRAL })
export class ConfirmationController {
  constructor(
    private readonly confirmation: Confirmation,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get(':token')
  async show(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(request, reply, () => this.confirmation.look(token));
  }

  @Post(':token')
  @RouteConfig(TAKES_FORMS)
  async act(
    @Param('token') token: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const typed = typedIn(body);
    await this.answer(request, reply, () => this.confirmation.answer(token, request.id, reasonIn(typed)), typed);
  }

  /** Whatever comes of it is a page. */
  private async answer(request: FastifyRequest, reply: FastifyReply, find: () => Promise<Standing>, typed = ''): Promise<void> {
    const outcome = await find().catch((error: unknown): { is: Outcome } => {
      if (error instanceof Refusal && ['unavailable', 'contended'].includes(error.kind)) return { is: 'unavailable' };
      request.log.error({ err: error, correlationId: request.id }, 'An answer by a link failed for a reason that nobody foresaw');
      return { is: 'failed' };
    });
    const language = languageFor(request.headers['accept-language']);
    const shown = { language, timeZone: this.timeZoneOf('incident' in outcome ? outcome.incident : undefined), typed };
    if (outcome.is === 'unavailable') void reply.header('retry-after', String(RETRY_AFTER_SECONDS));
    void reply
      .status(STATUS[outcome.is])
      .headers({ ...PAGE_HEADERS, 'content-language': language })
      .send(confirmationPage(outcome, shown, this.options.templates));
  }

  /** The reporter's, where the site knows them. */
  private timeZoneOf(incident: IncidentDetails | undefined): string {
    return this.options.site.inForce(PEOPLE, incident?.reporter, nowOf(this.options))?.definition.timeZone ?? 'UTC';
  }
}
