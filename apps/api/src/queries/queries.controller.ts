import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { Page } from '#kernel';
import { BACKLOG, DIMENSIONS, KPI_DEFINITIONS, type AgentQueueItem, type AuditLine, type IncidentDetails } from '#projections';
import { withoutStamps, type Reading } from '#read-models';
import { eventJson } from '../feed/event-json.js';
import { linkNext } from '../http/links.js';
import { incidentIdParam } from '../http/parameters.js';
import { CountParameter, DEFAULT_PER_PAGE, FreshDto, MOST_PER_PAGE } from '../http/query-fields.js';
import { Problems } from '../http/responses.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { GetAuditTrail, GetAuditTrailDto } from './get-audit-trail.js';
import { GetHistory } from './get-history.js';
import { GetIncident } from './get-incident.js';
import { GetKpis, GetKpisDto } from './get-kpis.js';
import { GetQueue, GetQueueDto } from './get-queue.js';
import { GetReplay, GetReplayDto } from './get-replay.js';
import { SearchIncidents, SearchIncidentsDto } from './search-incidents.js';

/** Lines of JSON, one document each: https://github.com/ndjson/ndjson-spec */
export const JSON_LINES = 'application/x-ndjson';

export class GetHistoryDto {
  @CountParameter(Number.MAX_SAFE_INTEGER, 'The first event to show, counted from 1.')
  from?: number;

  @CountParameter(MOST_PER_PAGE, `Events on one page; ${DEFAULT_PER_PAGE} when nothing is said. Lines of JSON have no pages.`)
  limit?: number;
}

const VIEW_PROBLEMS = [400, 503] as const;

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
  @ApiResponse({ status: 200, description: 'A page of incidents as they stand' })
  @Problems(...VIEW_PROBLEMS)
  async search(@Query() asked: SearchIncidentsDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.page<IncidentDetails>(await this.queries.execute(new SearchIncidents(asked)), request, reply);
  }

  @Get('incidents/:incidentId')
  @ApiOperation({ operationId: 'GetIncident', summary: 'One incident as it stands' })
  @ApiParam({ name: 'incidentId', example: 'INC0000001' })
  @ApiResponse({ status: 200, description: 'The incident; its revision is the ETag' })
  @ApiResponse({ status: 304, description: 'It is what If-None-Match says it was' })
  @Problems(...VIEW_PROBLEMS, 404)
  async incident(
    @Param('incidentId') incidentId: string,
    @Query() asked: FreshDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { value, position } = await this.queries.execute(new GetIncident(incidentIdParam(incidentId), asked));
    const etag = `"${value.revision}"`;
    void reply.header('ETag', etag).header('Faultline-Position', position.toString());
    if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) {
      void reply.status(304);
      return undefined;
    }
    return { ...withoutStamps(value), revision: Number(value.revision), position: position.toString() };
  }

  @Get('incidents/:incidentId/history')
  @ApiOperation({
    operationId: 'GetHistory',
    summary: 'Every event of one incident, as recorded',
    description: `Accept: ${JSON_LINES} streams all of them.`,
  })
  @ApiParam({ name: 'incidentId', example: 'INC0000001' })
  @ApiResponse({ status: 200, description: 'Events, oldest first', content: { 'application/json': {}, [JSON_LINES]: {} } })
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
    return reply.send({ items });
  }

  @Get('incidents/:incidentId/replay')
  @ApiOperation({ operationId: 'GetReplay', summary: 'One incident as it was, folded from its history' })
  @ApiParam({ name: 'incidentId', example: 'INC0000001' })
  @ApiResponse({ status: 200, description: 'The incident after so many of its events, or at an instant' })
  @Problems(400, 404, 503)
  async replay(@Param('incidentId') incidentId: string, @Query() asked: GetReplayDto, @Res({ passthrough: true }) reply: FastifyReply) {
    const { incident, events, revision, position } = await this.queries.execute(new GetReplay(incidentIdParam(incidentId), asked));
    void reply.header('Faultline-Position', position.toString());
    return { ...incident, events, revision: Number(revision), position: position.toString() };
  }

  @Get('incidents/:incidentId/audit-trail')
  @ApiOperation({ operationId: 'GetIncidentAuditTrail', summary: 'The audit trail of one incident, in words' })
  @ApiParam({ name: 'incidentId', example: 'INC0000001' })
  @ApiResponse({ status: 200, description: 'A page of lines, one an event' })
  @Problems(...VIEW_PROBLEMS)
  async incidentAuditTrail(
    @Param('incidentId') incidentId: string,
    @Query() asked: GetAuditTrailDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.page<AuditLine>(await this.queries.execute(new GetAuditTrail(asked, incidentIdParam(incidentId))), request, reply);
  }

  @Get('audit-trail')
  @ApiOperation({ operationId: 'GetAuditTrail', summary: 'The audit trail of all incidents' })
  @ApiResponse({ status: 200, description: 'A page of lines, one an event' })
  @Problems(...VIEW_PROBLEMS)
  async auditTrail(@Query() asked: GetAuditTrailDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.page<AuditLine>(await this.queries.execute(new GetAuditTrail(asked)), request, reply);
  }

  @Get('queue')
  @ApiOperation({ operationId: 'GetQueue', summary: 'The open incidents: a page of them, and how many there are with whom' })
  @ApiResponse({ status: 200, description: 'A page of the queue, with counts over all of it' })
  @Problems(...VIEW_PROBLEMS)
  async queue(@Query() asked: GetQueueDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const reading = await this.queries.execute(new GetQueue(asked));
    const { open, openByTeam, openByPriority } = reading.value;
    return { ...this.page<AgentQueueItem>(reading, request, reply), settled: reading.settled, open, openByTeam, openByPriority };
  }

  @Get('kpis')
  @ApiOperation({ operationId: 'GetKpis', summary: 'The figures, each under its definition' })
  @ApiResponse({ status: 200, description: 'Figures with the position of the log they were computed at' })
  @Problems(...VIEW_PROBLEMS)
  async kpis(@Query() asked: GetKpisDto, @Res({ passthrough: true }) reply: FastifyReply) {
    const { value, position, settled } = await this.queries.execute(new GetKpis(asked));
    void reply.header('Faultline-Position', position.toString());
    return { position: position.toString(), settled, period: { from: asked.from ?? null, to: asked.to ?? null }, kpis: value };
  }

  @Get('kpis/definitions')
  @ApiOperation({ operationId: 'GetKpiDefinitions', summary: 'What each figure means' })
  @ApiResponse({ status: 200, description: 'Every definition, and the dimensions' })
  definitions() {
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

  private page<Found extends object>({ value, position }: Reading<Page<Found>>, request: FastifyRequest, reply: FastifyReply) {
    void reply.header('Faultline-Position', position.toString());
    if (value.next !== undefined) linkNext(request, reply, { cursor: value.next });
    return { position: position.toString(), items: value.items.map((item) => withoutStamps(item)) };
  }
}
