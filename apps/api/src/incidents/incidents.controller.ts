import { Body, Controller, Delete, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerCommand, commandFields, type CommandAnswer } from '../http/command-answer.js';
import { commandRequestOf } from '../http/command-request.js';
import { incidentIdParam } from '../http/parameters.js';
import { Answers, asExample, COMMAND_PROBLEMS, CommandHeaders, IncidentIdParam, Problems } from '../http/responses.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { name, named, object } from '../schemas/schema.js';
import type { IncidentResult } from './incidents.js';
import { REPORT_EXAMPLE, ReportIncidentCommand, ReportIncidentDto } from './report-incident.js';
import type { UseCase } from './use-case.js';
import { useCases } from './use-cases/index.js';

type Answer = CommandAnswer & Readonly<{ incidentId: string }>;

const ANSWER = named<Answer>(
  'CommandAnswer',
  object<Answer>({ incidentId: name(undefined, 'INC0000001'), ...commandFields }, 'What a command did.'),
);

const answer = (reply: FastifyReply, { incidentId, ...result }: IncidentResult): Answer => ({
  incidentId,
  ...answerCommand(reply, result),
});

/** Everything that changes incidents: one route a command. */
@ApiTags('commands')
@Controller('incidents')
export class IncidentsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'ReportIncident',
    summary: 'Report an incident',
    description: 'It may be sorted, rated and assigned at once.',
  })
  @ApiBody({ type: ReportIncidentDto, examples: asExample(REPORT_EXAMPLE) })
  @CommandHeaders()
  @Answers(201, 'Reported; Location says where it is', ANSWER, 'Location', 'ETag', 'Faultline-Position')
  @Problems(...COMMAND_PROBLEMS)
  async report(@Body() body: ReportIncidentDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const result = await this.commands.execute(
      new ReportIncidentCommand(body, commandRequestOf(request, this.options, 'ReportIncident', 'new', body)),
    );
    void reply.header('Location', `/api/v1/incidents/${result.incidentId}`);
    return answer(reply, result);
  }

  /** Runs one of the use cases below; each has its route. */
  async run({ definition, command }: UseCase, incidentId: string, body: object, request: FastifyRequest, reply: FastifyReply) {
    const id = incidentIdParam(incidentId);
    const asked = commandRequestOf(request, this.options, definition.name, id, body);
    return answer(reply, await this.commands.execute(new command(id, body, asked)));
  }
}

type Run = (this: IncidentsController, incidentId: string, body: object, request: FastifyRequest, reply: FastifyReply) => Promise<Answer>;

/** Gives the controller the route of a use case: what decorators would say, once for all of them. */
const addRoute = (useCase: UseCase): void => {
  const { name, method = 'POST', resource, summary, description, body, example } = useCase.definition;
  const prototype = IncidentsController.prototype as unknown as Record<string, Run>;
  const handler: Run = function (incidentId, sent, request, reply) {
    return this.run(useCase, incidentId, sent, request, reply);
  };
  prototype[name] = handler;
  const descriptor = { value: handler } as TypedPropertyDescriptor<unknown>;

  Param('incidentId')(prototype, name, 0);
  Body()(prototype, name, 1);
  Req()(prototype, name, 2);
  Res({ passthrough: true })(prototype, name, 3);
  Reflect.defineMetadata('design:paramtypes', [String, body, Object, Object], prototype, name);
  const decorators: MethodDecorator[] = [
    method === 'POST' ? Post(`:incidentId/${resource}`) : Delete(`:incidentId/${resource}`),
    HttpCode(200),
    ApiOperation({ operationId: name, summary, ...(description !== undefined && { description }) }),
    IncidentIdParam(),
    ApiBody({ type: body, examples: asExample(example) }),
    Answers(200, 'Done, or nothing to do', ANSWER, 'ETag', 'Faultline-Position'),
    CommandHeaders(),
    Problems(...COMMAND_PROBLEMS, 404),
  ];
  for (const decorate of decorators) decorate(prototype, name, descriptor);
};

useCases.forEach(addRoute);
