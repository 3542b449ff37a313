import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SITE_ID } from '#kernel';
import { TAXONOMIES } from '#domain/definitions';
import { definitionIdParam } from '../definitions/definition-id.js';
import { answeredAt } from '../http/answered-at.js';
import { Answers, asExample, DefinitionIdParam, Problems } from '../http/responses.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import type { AnswerOf } from '../schemas/schema.js';
import { GetOtherShare, GetOtherShareDto } from './get-other-share.js';
import { GUIDANCE, OTHER_SHARE } from './taxonomy.schema.js';
import { WALK_GUIDE_EXAMPLE, WalkGuide, WalkGuideDto } from './walk-guide.js';

/** How incidents are sorted, and how well that works. Nothing here changes anything. */
@ApiTags(TAXONOMIES.path)
@Controller(`${TAXONOMIES.path}/:id`)
export class TaxonomyController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Post('guidance')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'WalkDecisionGuide',
    summary: 'The next question of the decision guide, or the category that the answers lead to',
    description: 'Begin without answers, and send all of them again with each new one. Nothing is changed, and nothing is kept.',
  })
  @ApiBody({ type: WalkGuideDto, examples: asExample(WALK_GUIDE_EXAMPLE) })
  @DefinitionIdParam(SITE_ID)
  @Answers(200, 'A question, or a category', GUIDANCE, 'Faultline-Position')
  @Problems(400, 404, 413, 415, 503)
  async guidance(
    @Param('id') id: string,
    @Body() { answers = [], at = nowOf(this.options) }: WalkGuideDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof GUIDANCE>> {
    definitionIdParam(TAXONOMIES, id);
    const { value, position } = await this.queries.execute(new WalkGuide(answers, at));
    return { ...answeredAt(reply, position), ...value };
  }

  @Get('other-share')
  @ApiOperation({
    operationId: 'GetOtherShare',
    summary: 'How much lies in the category for what fits in no other',
    description: 'By the taxonomy that holds at the end of the period, or now, where that is earlier.',
  })
  @DefinitionIdParam(SITE_ID)
  @Answers(200, 'The share, and what it is made of', OTHER_SHARE, 'Faultline-Position')
  @Problems(400, 404, 503)
  async otherShare(
    @Param('id') id: string,
    @Query() asked: GetOtherShareDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof OTHER_SHARE>> {
    definitionIdParam(TAXONOMIES, id);
    const { value, position, settled } = await this.queries.execute(new GetOtherShare(asked));
    return { ...answeredAt(reply, position), settled, period: { from: asked.from ?? null, to: asked.to ?? null }, ...value };
  }
}
