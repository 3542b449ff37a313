import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Query, Req, Res, type Type } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEFINITION_ID_PATTERN, InvalidInput, SITE_ID, type CommandResult } from '#kernel';
import { DEFINITION_KINDS, type DefinitionKind } from '#site-definitions';
import { commandRequestOf } from '../http/command-request.js';
import { linkNext } from '../http/links.js';
import { CommandHeaders, Problems } from '../http/responses.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { DefineCommand, DefineDto, RetireCommand, RetireDto } from './definition-commands.js';
import { GetDefinition, GetDefinitionDto, ListDefinitions, ListDefinitionsDto } from './definition-queries.js';

/** @throws InvalidInput DEFINITION_ID_INVALID */
const idParam = ({ path, isSingle }: DefinitionKind, text: string): string => {
  if (isSingle ? text === SITE_ID : DEFINITION_ID_PATTERN.test(text)) return text;
  const message = isSingle
    ? `${SITE_ID}: a site has one of its ${path.replaceAll('-', ' ')}`
    : '1 to 63 lower-case letters, digits and -, beginning with a letter or a digit';
  const faults = [{ field: 'id', message }];
  throw new InvalidInput('DEFINITION_ID_INVALID', 'That is no id', faults);
};

const answer = (reply: FastifyReply, id: string, { revision, position, changed, repeated }: CommandResult) => {
  void reply.header('ETag', `"${revision}"`).header('Faultline-Position', position.toString());
  return { id, revision: Number(revision), position: position.toString(), changed, repeated };
};

/** The resource of one kind of definition: every kind has the same. */
const controllerOf = (kind: DefinitionKind): Type => {
  const { path, noun, about } = kind;

  @ApiTags('definitions')
  @Controller(path)
  class DefinitionsController {
    constructor(
      @Inject(CommandBus) private readonly commands: CommandBus,
      @Inject(QueryBus) private readonly queries: QueryBus,
      @Inject(API_OPTIONS) private readonly options: ApiOptions,
    ) {}

    @Get()
    @ApiOperation({ operationId: `List${noun}s`, summary: `The ${path.replaceAll('-', ' ')}`, description: about })
    @ApiResponse({ status: 200, description: 'A page of them, each as it holds at the instant' })
    @Problems(400, 503)
    async list(@Query() asked: ListDefinitionsDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
      const { value, position } = await this.queries.execute(new ListDefinitions(path, asked, this.now()));
      void reply.header('Faultline-Position', position.toString());
      if (value.next !== undefined) linkNext(request, reply, { cursor: value.next });
      return { position: position.toString(), items: value.items };
    }

    @Get(':id')
    @ApiOperation({ operationId: `Get${noun}`, summary: 'One of them, with every version', description: about })
    @ApiParam({ name: 'id' })
    @ApiResponse({ status: 200, description: 'As it holds at the instant, and everything that was ever said of it' })
    @Problems(400, 404, 503)
    async get(@Param('id') id: string, @Query() asked: GetDefinitionDto, @Res({ passthrough: true }) reply: FastifyReply) {
      const { value, position } = await this.queries.execute(new GetDefinition(path, idParam(kind, id), asked, this.now()));
      void reply.header('ETag', `"${value.revision}"`).header('Faultline-Position', position.toString());
      return { ...value, revision: Number(value.revision), position: position.toString() };
    }

    @Put(':id')
    @HttpCode(200)
    @ApiOperation({ operationId: `Define${noun}`, summary: 'Say what holds from an instant on', description: about })
    @ApiParam({ name: 'id' })
    @CommandHeaders()
    @ApiResponse({ status: 200, description: 'Said, or it was so already' })
    @Problems(400, 401, 409, 412, 413, 415, 422, 503)
    async define(
      @Param('id') text: string,
      @Body() body: DefineDto,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      const id = idParam(kind, text);
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
    @ApiParam({ name: 'id' })
    @CommandHeaders()
    @ApiResponse({ status: 200, description: 'Out of use, or it was so already' })
    @Problems(400, 401, 404, 409, 412, 413, 415, 422, 503)
    async retire(
      @Param('id') text: string,
      @Body() body: RetireDto,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      const id = idParam(kind, text);
      const asked = commandRequestOf(request, this.options, `Retire${noun}`, id, body);
      return answer(reply, id, await this.commands.execute(new RetireCommand(path, id, body, asked)));
    }

    private now(): string {
      return (this.options.now?.() ?? new Date()).toISOString();
    }
  }
  return Object.defineProperty(DefinitionsController, 'name', { value: `${noun}sController` });
};

/** One controller a kind. */
export const definitionControllers: readonly Type[] = DEFINITION_KINDS.map(controllerOf);
