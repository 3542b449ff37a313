import { Controller, Get, Inject, Injectable, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Answers } from '../http/responses.js';
import { API_OPTIONS, type ApiOptions, type ViewHealth } from '../options.js';
import { text } from '../schemas/schema.js';

/** What Prometheus reads: requests by route, how far each view is behind, and what nobody has dealt with in time. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'faultline_http_request_seconds',
    help: 'Time from a request to the end of its answer, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  /** What each view shows, by the name of its metric. */
  private readonly ofViews = [
    this.ofView('faultline_view_position', 'Position of the log up to which a view has every event', ({ position }) => Number(position)),
    this.ofView('faultline_view_lag_events', 'Events that arrived and are not in the view yet', ({ lagEvents }) => lagEvents),
    this.ofView('faultline_view_lag_seconds', 'Age of the oldest event that is not in the view yet', ({ lagSeconds }) => lagSeconds),
    this.ofView('faultline_view_halted', '1 where a view stopped at an event it cannot take', ({ halted }) =>
      halted === undefined ? 0 : 1,
    ),
  ];
  private readonly overdue = new Gauge({
    name: 'faultline_alarms_overdue',
    help: 'Timers and notices that were due more than 10 s ago and nobody has dealt with, up to 1000',
    labelNames: ['kind'] as const,
    registers: [this.registry],
  });

  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {
    collectDefaultMetrics({ register: this.registry });
  }

  /** All of them, in the exposition format of Prometheus. The views and the alarms are looked at once; what cannot be seen stays as it was. */
  async text(): Promise<string> {
    const { views, automation } = this.options;
    const [known, acting] = await Promise.all([views().catch(() => []), automation().catch(() => undefined)]);
    for (const view of known) for (const set of this.ofViews) set(view);
    for (const kind of ['timers', 'notices'] as const) if (acting) this.overdue.set({ kind }, acting[kind].overdue);
    return this.registry.metrics();
  }

  private ofView(name: string, help: string, of: (view: ViewHealth) => number | undefined): (view: ViewHealth) => void {
    const gauge = new Gauge({ name, help, labelNames: ['view'] as const, registers: [this.registry] });
    return (health) => {
      const value = of(health);
      if (value !== undefined) gauge.set({ view: health.view }, value);
    };
  }

  /** Times every request of a server, by the pattern of its route: paths would be too many. */
  observe(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'none';
      this.requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
      done();
    });
  }
}

@ApiTags('operations')
@Controller({ path: 'metrics', version: VERSION_NEUTRAL })
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @ApiOperation({ operationId: 'GetMetrics', summary: 'What Prometheus reads' })
  @Answers(200, 'Every metric', { 'text/plain': text('In the exposition format of Prometheus.') })
  async read(@Res() reply: FastifyReply) {
    return reply.header('content-type', this.metrics.registry.contentType).send(await this.metrics.text());
  }
}
