import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { explainedText } from '#process-managers/service-levels';
import { DEFINITION_GUIDES } from '../definitions/definition-guide.js';
import { incidentIdParam } from '../http/parameters.js';
import { answeredAt, answeredAtRevision } from '../http/answered-at.js';
import { Answers, asExample, IncidentIdParam, Problems } from '../http/responses.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import type { AnswerOf } from '../schemas/schema.js';
import { ExplainServiceLevels, ExplainServiceLevelsDto } from './explain-service-levels.js';
import { EXPLAINED, EXPLAINED_TEXT, SIMULATION } from './service-levels.schema.js';
import { SimulateServiceLevels, SimulateServiceLevelsDto } from './simulate-service-levels.js';

const PLAIN = 'text/plain';

const EXAMPLE = { id: 'standard', definition: DEFINITION_GUIDES['service-level-policies']?.example.definition } as SimulateServiceLevelsDto;

/** Why service levels stand where they stand, and what others would have done. */
@ApiTags('service levels')
@Controller()
export class ServiceLevelsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get('incidents/:incidentId/service-levels/explain')
  @ApiOperation({
    operationId: 'ExplainServiceLevels',
    summary: 'Every interval that counted for a service level or did not, and what says so',
    description: `\`Accept: ${PLAIN}\` answers with tables that a person reads.`,
  })
  @IncidentIdParam()
  @Answers(200, 'The clocks of the incident', { 'application/json': EXPLAINED, [PLAIN]: EXPLAINED_TEXT }, 'ETag', 'Faultline-Position')
  @Problems(400, 404, 503)
  async explain(
    @Param('incidentId') incidentId: string,
    @Query() { at = nowOf(this.options) }: ExplainServiceLevelsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof EXPLAINED> | string> {
    const explained = await this.queries.execute(new ExplainServiceLevels(incidentIdParam(incidentId), at));
    const { revision, position, clocks } = explained;
    const place = answeredAtRevision(reply, { revision, position });
    if (request.headers.accept?.includes(PLAIN)) {
      void reply.header('content-type', `${PLAIN}; charset=utf-8`);
      return `${clocks.length > 0 ? clocks.map(explainedText).join('\n\n') : 'It has no service levels.'}\n`;
    }
    return { ...explained, ...place };
  }

  @Post('service-level-simulations')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'SimulateServiceLevels',
    summary: 'What a draft policy would have done to the incidents of a period',
    description: 'Nothing is changed, and nothing is kept: it answers with what it found.',
  })
  @ApiBody({ type: SimulateServiceLevelsDto, examples: asExample(EXAMPLE) })
  @Answers(200, 'What was recorded, and what the draft would have done', SIMULATION, 'Faultline-Position')
  @Problems(400, 413, 415, 503)
  async simulate(
    @Body() body: SimulateServiceLevelsDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof SIMULATION>> {
    const { position, ...simulation } = await this.queries.execute(new SimulateServiceLevels(body, nowOf(this.options)));
    return { ...simulation, ...answeredAt(reply, position) };
  }
}
