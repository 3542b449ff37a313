import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { BACKLOG, DIMENSIONS, KPI_DEFINITIONS, type AgentQueueItem, type AuditLine, type IncidentDetails } from '#projections';
import { withoutStamps } from '#adapters/read-models';
import { eventJson } from '../feed/event-json.js';
import { EVENT, HISTORY_PAGE } from '../feed/event.schema.js';
import { linkNext } from '../http/links.js';
import { answeredAt, answeredAtRevision } from '../http/answered-at.js';
import { answerViewPage } from '../http/page-answer.js';
import { incidentIdParam } from '../http/parameters.js';
import { CountParameter, DEFAULT_PER_PAGE, FreshDto, MOST_PER_PAGE } from '../http/query-fields.js';
import { Answers, IncidentIdParam, JSON_LINES, Problems } from '../http/responses.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import type { AnswerOf } from '../schemas/schema.js';
import { AUDIT_PAGE } from './audit-line.schema.js';
import { GetAuditTrail, GetAuditTrailDto } from './get-audit-trail.js';
import { GetHistory } from './get-history.js';
import { GetIncident } from './get-incident.js';
import { GetKpis, GetKpisDto } from './get-kpis.js';
import { GetQueue, GetQueueDto } from './get-queue.js';
import { GetReplay, GetReplayDto } from './get-replay.js';
import { INCIDENT_AT, INCIDENT_PAGE, REPLAY, type ShownIncident } from './incident.schema.js';
import { KPI_DEFINITIONS_ANSWER, KPIS } from './kpis.schema.js';
import { QUEUE } from './queue.schema.js';
import { SearchIncidents, SearchIncidentsDto } from './search-incidents.js';

/** The most events that one incident has: none comes near it. */
const MOST_OF_HISTORY = 999_999_999;

export class GetHistoryDto {
  @CountParameter(MOST_OF_HISTORY, 'The first event to show, counted from 1.')
  from?: number;

  @CountParameter(MOST_PER_PAGE, `Events on one page; ${DEFAULT_PER_PAGE} when nothing is said. Lines of JSON have no pages.`)
  limit?: number;
}

const VIEW_PROBLEMS = [400, 503] as const;

/** Without the view's own aids to searching. */
const shown = ({ words: _, ...incident }: IncidentDetails): ShownIncident => incident;

/** Questions; none of them changes anything. */
@ApiTags('queries')
@Controller()
export class QueriesController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get('incidents')
  @ApiOperation({ operationId: 'SearchIncidents', summary: 'Search incidents' })
  @Answers(200, 'A page of incidents as they stand', INCIDENT_PAGE, 'Faultline-Position', 'Link')
  @Problems(...VIEW_PROBLEMS)
  async search(
    @Query() asked: SearchIncidentsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof INCIDENT_PAGE>> {
    const { position, items } = answerViewPage<IncidentDetails>(await this.queries.execute(new SearchIncidents(asked)), request, reply);
    return { position, items: items.map(shown) };
  }

  @Get('incidents/:incidentId')
  @ApiOperation({ operationId: 'GetIncident', summary: 'One incident as it stands' })
  @IncidentIdParam()
  @ApiHeader({
    name: 'If-None-Match',
    description: 'The ETag that is known already.',
    schema: { type: 'string', pattern: '^"\\d{1,18}"(\\s*,\\s*"\\d{1,18}")*$', example: '"4"' },
  })
  @Answers(200, 'The incident', INCIDENT_AT, 'ETag', 'Faultline-Position')
  @ApiResponse({ status: 304, description: 'It is what If-None-Match says it was' })
  @Problems(...VIEW_PROBLEMS, 404)
  async incident(
    @Param('incidentId') incidentId: string,
    @Query() asked: FreshDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof INCIDENT_AT> | undefined> {
    const { value, position } = await this.queries.execute(new GetIncident(incidentIdParam(incidentId), asked));
    const at = answeredAtRevision(reply, { revision: value.revision, position });
    if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(`"${value.revision}"`)) {
      void reply.status(304);
      return undefined;
    }
    return { ...shown(withoutStamps(value) as IncidentDetails), ...at };
  }

  @Get('incidents/:incidentId/history')
  @ApiOperation({
    operationId: 'GetHistory',
    summary: 'Every event of one incident, as recorded',
    description: `\`Accept: ${JSON_LINES}\` streams all of them, one line each.`,
  })
  @IncidentIdParam()
  @Answers(200, 'Events, oldest first', { 'application/json': HISTORY_PAGE, [JSON_LINES]: EVENT }, 'Link')
  @Problems(400, 404, 503)
  async history(
    @Param('incidentId') incidentId: string,
    @Query() { from = 1, limit = DEFAULT_PER_PAGE }: GetHistoryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const id = incidentIdParam(incidentId);
    const first = BigInt(from - 1);
    if (request.headers.accept?.includes(JSON_LINES)) {
      const events = await this.queries.execute(new GetHistory(id, first));
      const lines = async function* () {
        for await (const event of events) yield `${JSON.stringify(eventJson(event))}\n`;
      };
      return reply.header('content-type', JSON_LINES).send(Readable.from(lines()));
    }
    const size = Math.min(limit, this.options.settings.pageSizeLimit);
    const found = [];
    for await (const event of await this.queries.execute(new GetHistory(id, first, first + BigInt(size)))) found.push(eventJson(event));
    const items = found.slice(0, size);
    if (found.length > size) linkNext(request, reply, { from: String(from + size) });
    const last = items.at(-1);
    if (last) void reply.header('Faultline-Position', last.position);
    return reply.send({ items } satisfies AnswerOf<typeof HISTORY_PAGE>);
  }

  @Get('incidents/:incidentId/replay')
  @ApiOperation({ operationId: 'GetReplay', summary: 'One incident as it was, folded from its history' })
  @IncidentIdParam()
  @Answers(200, 'The incident after so many of its events, or at an instant', REPLAY, 'Faultline-Position')
  @Problems(400, 404, 503)
  async replay(
    @Param('incidentId') incidentId: string,
    @Query() asked: GetReplayDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof REPLAY>> {
    const { incident, events, revision, position } = await this.queries.execute(new GetReplay(incidentIdParam(incidentId), asked));
    return { ...shown(incident), events, revision: Number(revision), ...answeredAt(reply, position) };
  }

  @Get('incidents/:incidentId/audit-trail')
  @ApiOperation({ operationId: 'GetIncidentAuditTrail', summary: 'The audit trail of one incident, in words' })
  @IncidentIdParam()
  @Answers(200, 'A page of lines, one an event', AUDIT_PAGE, 'Faultline-Position', 'Link')
  @Problems(...VIEW_PROBLEMS)
  async incidentAuditTrail(
    @Param('incidentId') incidentId: string,
    @Query() asked: GetAuditTrailDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof AUDIT_PAGE>> {
    return answerViewPage<AuditLine>(await this.queries.execute(new GetAuditTrail(asked, incidentIdParam(incidentId))), request, reply);
  }

  @Get('audit-trail')
  @ApiOperation({ operationId: 'GetAuditTrail', summary: 'The audit trail of all incidents, in words' })
  @Answers(200, 'A page of lines, one an event', AUDIT_PAGE, 'Faultline-Position', 'Link')
  @Problems(...VIEW_PROBLEMS)
  async auditTrail(
    @Query() asked: GetAuditTrailDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof AUDIT_PAGE>> {
    return answerViewPage<AuditLine>(await this.queries.execute(new GetAuditTrail(asked)), request, reply);
  }

  @Get('queue')
  @ApiOperation({ operationId: 'GetQueue', summary: 'The open incidents: a page of them, and how many there are with whom' })
  @Answers(200, 'A page of the queue, with counts over all of it', QUEUE, 'Faultline-Position', 'Link')
  @Problems(...VIEW_PROBLEMS)
  async queue(
    @Query() asked: GetQueueDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof QUEUE>> {
    const reading = await this.queries.execute(new GetQueue(asked));
    const { open, openByTeam, openByPriority } = reading.value;
    return { ...answerViewPage<AgentQueueItem>(reading, request, reply), settled: reading.settled, open, openByTeam, openByPriority };
  }

  @Get('kpis')
  @ApiOperation({ operationId: 'GetKpis', summary: 'The figures, each under its definition' })
  @Answers(200, 'Figures with the position of the log they were computed at', KPIS, 'Faultline-Position')
  @Problems(...VIEW_PROBLEMS)
  async kpis(@Query() asked: GetKpisDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<AnswerOf<typeof KPIS>> {
    const { value, position, settled } = await this.queries.execute(new GetKpis(asked));
    return { ...answeredAt(reply, position), settled, period: { from: asked.from ?? null, to: asked.to ?? null }, kpis: value };
  }

  @Get('kpis/definitions')
  @ApiOperation({ operationId: 'GetKpiDefinitions', summary: 'What each figure means' })
  @Answers(200, 'Every definition, and the dimensions', KPI_DEFINITIONS_ANSWER)
  definitions(): AnswerOf<typeof KPI_DEFINITIONS_ANSWER> {
    const definitions = Object.entries(KPI_DEFINITIONS).map(([name, { title, meaning, kind, countedAt }]) => ({
      name,
      title,
      meaning,
      kind,
      countedAt,
    }));
    const meaning = 'Incidents open at an instant, by attributes and age.';
    return {
      definitions: [...definitions, { name: BACKLOG, title: 'Backlog', meaning, kind: 'count', countedAt: 'asOf' }],
      dimensions: DIMENSIONS,
    };
  }
}
