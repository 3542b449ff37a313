import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Query, Req, Res, type Type } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SITE_ID, type CommandResult } from '#kernel';
import { DEFINITION_KINDS, type DefinitionKind } from '#domain/definitions';
import { answerCommand } from '../http/command-answer.js';
import { commandRequestOf } from '../http/command-request.js';
import { answeredAtRevision } from '../http/answered-at.js';
import { answerPage } from '../http/page-answer.js';
import { Answers, asExample, COMMAND_PROBLEMS, CommandHeaders, DefinitionIdParam, Problems } from '../http/responses.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import { DefineCommand, DefineDto, RetireCommand, RetireDto } from './definition-commands.js';
import { definitionIdParam } from './definition-id.js';
import { DEFINITION_GUIDES, type DefinitionGuide } from './definition-guide.js';
import { DEFINED, DEFINITION, DEFINITION_PAGE, type DefinedAnswer } from './definition.schema.js';
import { GetDefinition, GetDefinitionDto, ListDefinitions, ListDefinitionsDto } from './definition-queries.js';

const answer = (reply: FastifyReply, id: string, result: CommandResult): DefinedAnswer => ({ id, ...answerCommand(reply, result) });

const guideOf = ({ path }: DefinitionKind) => DEFINITION_GUIDES[path] as DefinitionGuide;

/** What a definition of this kind takes, in Markdown. */
const inWords = (kind: DefinitionKind): string => {
  const fields = Object.entries(guideOf(kind).fields).map(([field, says]) => `- \`${field}\`: ${says}`);
  return [kind.about, 'The fields of `definition`:', fields.join('\n')].join('\n\n');
};

const exampleOf = (kind: DefinitionKind): DefineDto => ({ definition: guideOf(kind).example.definition, reason: 'A new site' });

/** The resource of one kind of definition: every kind has the same. */
const controllerOf = (kind: DefinitionKind): Type => {
  const { path, noun, about, isSingle } = kind;
  const only = isSingle ? SITE_ID : undefined;

  @ApiTags(path)
  @Controller(path)
  class DefinitionsController {
    constructor(
      @Inject(CommandBus) private readonly commands: CommandBus,
      @Inject(QueryBus) private readonly queries: QueryBus,
      @Inject(API_OPTIONS) private readonly options: ApiOptions,
    ) {}

    @Get()
    @ApiOperation({ operationId: `List${noun}s`, summary: `The ${path.replaceAll('-', ' ')}`, description: about })
    @Answers(200, 'A page of them, each as it holds at the instant', DEFINITION_PAGE, 'Faultline-Position', 'Link')
    @Problems(400, 503)
    async list(@Query() asked: ListDefinitionsDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
      return answerPage(await this.queries.execute(new ListDefinitions(path, asked, nowOf(this.options))), request, reply);
    }

    @Get(':id')
    @ApiOperation({ operationId: `Get${noun}`, summary: 'One of them, with every version', description: about })
    @DefinitionIdParam(only)
    @Answers(200, 'As it holds at the instant, and everything that was ever said of it', DEFINITION, 'ETag', 'Faultline-Position')
    @Problems(400, 404, 503)
    async get(@Param('id') id: string, @Query() asked: GetDefinitionDto, @Res({ passthrough: true }) reply: FastifyReply) {
      const { value, position } = await this.queries.execute(
        new GetDefinition(path, definitionIdParam(kind, id), asked, nowOf(this.options)),
      );
      return { ...value, ...answeredAtRevision(reply, { revision: value.revision, position }) };
    }

    @Put(':id')
    @HttpCode(200)
    @ApiOperation({ operationId: `Define${noun}`, summary: 'Say what holds from an instant on', description: inWords(kind) })
    @ApiBody({ type: DefineDto, examples: asExample(exampleOf(kind)) })
    @DefinitionIdParam(only)
    @CommandHeaders()
    @Answers(200, 'Said, or it was so already', DEFINED, 'ETag', 'Faultline-Position')
    @Problems(...COMMAND_PROBLEMS)
    async define(
      @Param('id') text: string,
      @Body() body: DefineDto,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      const id = definitionIdParam(kind, text);
      const asked = commandRequestOf(request, this.options, `Define${noun}`, id, body);
      return answer(reply, id, await this.commands.execute(new DefineCommand(path, id, body, asked)));
    }

    @Delete(':id')
    @HttpCode(200)
    @ApiOperation({
      operationId: `Retire${noun}`,
      summary: 'Take it out of use',
      description: 'Its history stays. Defined again, it is in use again.',
    })
    @DefinitionIdParam(only)
    @CommandHeaders()
    @Answers(200, 'Out of use, or it was so already', DEFINED, 'ETag', 'Faultline-Position')
    @Problems(...COMMAND_PROBLEMS, 404)
    async retire(
      @Param('id') text: string,
      @Body() body: RetireDto,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      const id = definitionIdParam(kind, text);
      const asked = commandRequestOf(request, this.options, `Retire${noun}`, id, body);
      return answer(reply, id, await this.commands.execute(new RetireCommand(path, id, body, asked)));
    }
  }
  return Object.defineProperty(DefinitionsController, 'name', { value: `${noun}sController` });
};

/** One controller a kind. */
export const definitionControllers: readonly Type[] = DEFINITION_KINDS.map(controllerOf);
