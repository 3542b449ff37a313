import { Controller, Get, Inject, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/** How an engine answered; its message names no secret. */
type EngineHealth = Readonly<{ up: boolean; problem?: string }>;

const asked = async (check: () => Promise<unknown>): Promise<EngineHealth> => {
  try {
    await check();
    return { up: true };
  } catch (error) {
    return { up: false, problem: (error as Error).message };
  }
};

/** For whoever runs the program: is it alive, can it do its work, how far is each view. */
@ApiExcludeController()
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  @Get('live')
  live() {
    return { status: 'up' };
  }

  @Get(['', 'ready'])
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { log, models, views } = this.options;
    const [eventStore, readModels] = await Promise.all([asked(() => log.check()), asked(() => models.check())]);
    const known = readModels.up ? await views() : [];
    const halted = known.some(({ halted }) => halted !== undefined);
    const ready = eventStore.up && readModels.up && !halted;
    if (!ready) void reply.status(503);
    return {
      status: ready ? 'up' : 'down',
      engines: { eventStore, readModels },
      views: known.map(({ position, ...view }) => ({ ...view, position: position.toString() })),
    };
  }
}
