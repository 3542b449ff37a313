import { Controller, Get, Inject, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers } from '../http/responses.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { HEALTH, LIVE, type EngineHealth, type HealthAnswer, type LiveAnswer } from './health.schema.js';

const asked = async (check: () => Promise<unknown>): Promise<EngineHealth> => {
  try {
    await check();
    return { up: true };
  } catch (error) {
    return { up: false, problem: (error as Error).message };
  }
};

/** For whoever runs the program: is it alive, can it do its work, how far is each view. */
@ApiTags('operations')
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  @Get('live')
  @ApiOperation({ operationId: 'GetLiveness', summary: 'Is the program alive?' })
  @Answers(200, 'It is', LIVE)
  live(): LiveAnswer {
    return { status: 'up' };
  }

  @Get()
  @ApiOperation({ operationId: 'GetHealth', summary: 'Can it do its work, and how far is each view?' })
  @Answers(200, 'It can', HEALTH)
  @Answers(503, 'It cannot', HEALTH)
  health(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthAnswer> {
    return this.answer(reply);
  }

  @Get('ready')
  @ApiOperation({ operationId: 'GetReadiness', summary: 'The same, where load balancers look for it' })
  @Answers(200, 'It can', HEALTH)
  @Answers(503, 'It cannot', HEALTH)
  ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthAnswer> {
    return this.answer(reply);
  }

  private async answer(reply: FastifyReply): Promise<HealthAnswer> {
    const { log, models, views, automation } = this.options;
    const [eventStore, readModels] = await Promise.all([asked(() => log.check()), asked(() => models.check())]);
    const known = readModels.up ? await views() : [];
    const acting = eventStore.up && readModels.up ? await automation().catch(() => undefined) : undefined;
    const canBeRead = known.every(({ halted, state }) => halted === undefined && state !== 'starting');
    const ready = eventStore.up && readModels.up && canBeRead;
    if (!ready) void reply.status(503);
    return {
      status: ready ? 'up' : 'down',
      engines: { eventStore, readModels },
      views: known.map(({ position, ...view }) => ({ ...view, position: position.toString() })),
      ...(acting && { automation: acting }),
    };
  }
}
