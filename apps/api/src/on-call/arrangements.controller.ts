import { Body, Controller, Delete, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { derivedId } from '#kernel';
import { ON_CALL_SCHEDULES } from '#domain/definitions';
import { definitionIdParam } from '../definitions/definition-id.js';
import { answerCommand } from '../http/command-answer.js';
import { commandRequestOf } from '../http/command-request.js';
import { entryIdParam } from '../http/parameters.js';
import { Answers, asExample, COMMAND_PROBLEMS, CommandHeaders, DefinitionIdParam, EntryIdParam, Problems } from '../http/responses.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import type { AnswerOf } from '../schemas/schema.js';
import { ADD_OVERRIDE_EXAMPLE, AddOverrideCommand, AddOverrideDto } from './add-override.js';
import { OVERRIDE_ANSWER, SWAP_ANSWER } from './on-call.schema.js';
import { REMOVE_OVERRIDE_EXAMPLE, RemoveOverrideCommand, RemoveOverrideDto } from './remove-override.js';
import { SWAP_SHIFTS_EXAMPLE, SwapShiftsCommand, SwapShiftsDto } from './swap-shifts.js';

/** What people arrange beside the turns of a schedule. */
@ApiTags('on-call')
@Controller('on-call-schedules/:id')
export class ArrangementsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Post('overrides')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'AddOverride',
    summary: 'Put somebody on call for a while',
    description: 'Whoever’s turn it is, and whether or not they are in the rotation. Of overrides for the same time the last one holds.',
  })
  @ApiBody({ type: AddOverrideDto, examples: asExample(ADD_OVERRIDE_EXAMPLE) })
  @DefinitionIdParam()
  @CommandHeaders()
  @Answers(200, 'Done', OVERRIDE_ANSWER, 'ETag', 'Faultline-Position')
  @Problems(...COMMAND_PROBLEMS, 404)
  async addOverride(
    @Param('id') text: string,
    @Body() body: AddOverrideDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof OVERRIDE_ANSWER>> {
    const id = definitionIdParam(ON_CALL_SCHEDULES, text);
    const asked = commandRequestOf(request, this.options, 'AddOverride', id, body);
    const { overrideId = derivedId('override', asked.context.commandId) } = body;
    const result = await this.commands.execute(new AddOverrideCommand(id, { ...body, overrideId }, asked));
    return { id, overrideId, ...answerCommand(reply, result) };
  }

  @Delete('overrides/:overrideId')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'RemoveOverride',
    summary: 'End an override now, or keep it from beginning',
    description: 'Until now it held: who was on call, was.',
  })
  @ApiBody({ type: RemoveOverrideDto, examples: asExample(REMOVE_OVERRIDE_EXAMPLE) })
  @DefinitionIdParam()
  @EntryIdParam('overrideId', 'o-1')
  @CommandHeaders()
  @Answers(200, 'Done, or it was so already', OVERRIDE_ANSWER, 'ETag', 'Faultline-Position')
  @Problems(...COMMAND_PROBLEMS, 404)
  async removeOverride(
    @Param('id') text: string,
    @Param('overrideId') overrideText: string,
    @Body() body: RemoveOverrideDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof OVERRIDE_ANSWER>> {
    const id = definitionIdParam(ON_CALL_SCHEDULES, text);
    const overrideId = entryIdParam(overrideText, 'overrideId');
    const asked = commandRequestOf(request, this.options, 'RemoveOverride', `${id}/${overrideId}`, body);
    const result = await this.commands.execute(new RemoveOverrideCommand(id, { ...body, overrideId }, asked));
    return { id, overrideId, ...answerCommand(reply, result) };
  }

  @Post('swaps')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'SwapShifts',
    summary: 'Let two people take each other’s time',
    description:
      'Each is on call when theirs begins, and up to its end. What lies between and is not theirs stays as it is. They swap back by swapping again.',
  })
  @ApiBody({ type: SwapShiftsDto, examples: asExample(SWAP_SHIFTS_EXAMPLE) })
  @DefinitionIdParam()
  @CommandHeaders()
  @Answers(200, 'Done', SWAP_ANSWER, 'ETag', 'Faultline-Position')
  @Problems(...COMMAND_PROBLEMS, 404)
  async swap(
    @Param('id') text: string,
    @Body() body: SwapShiftsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof SWAP_ANSWER>> {
    const id = definitionIdParam(ON_CALL_SCHEDULES, text);
    const asked = commandRequestOf(request, this.options, 'SwapShifts', id, body);
    const { swapId = derivedId('swap', asked.context.commandId) } = body;
    const result = await this.commands.execute(new SwapShiftsCommand(id, { ...body, swapId }, asked));
    return { id, swapId, ...answerCommand(reply, result) };
  }
}
