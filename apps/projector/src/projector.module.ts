import {
  Inject,
  Injectable,
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Projector } from './projector.js';
import type { ProjectorObserver } from './projector.observer.js';

const logging = (logger: Logger): ProjectorObserver => ({
  halted: (view, { error, after, position, eventId }) => {
    const event = eventId === undefined ? '' : ` (event ${eventId} at position ${position})`;
    logger.error(`${view} is halted behind position ${after}: ${error}${event}. Other views go on`);
  },
  retrying: (view, { failures, error }, nextInMs) =>
    logger.error(`${view}: ${error}. Attempt ${failures + 1} in ${Math.round(nextInMs)} ms`),
  recovered: (view) => logger.log(`${view} goes on`),
  standingBy: (view) => logger.log(`${view} is moved by another process; standing by`),
  logFailed: (error, nextInMs) => {
    const reason = error instanceof Error ? error.message : String(error);
    logger.error(`The log cannot be read: ${reason}. Next attempt in ${Math.round(nextInMs)} ms`);
  },
});

/** A projector, on whatever thread it runs. */
export type RunningProjector = Pick<Projector, 'observe' | 'start' | 'stop'>;

const PROJECTOR = Symbol('projector');

/** Starts the projector with the application, and stops it before the application ends. */
@Injectable()
class ProjectorLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Projector');

  constructor(@Inject(PROJECTOR) private readonly projector: RunningProjector) {
    projector.observe(logging(this.#logger));
  }

  onApplicationBootstrap(): void {
    this.projector.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!(await this.projector.stop())) this.#logger.warn('Stopped with batches begun: they are finished at the next start');
  }
}

/** The projector role. */
@Module({})
export class ProjectorModule {
  static register(projector: RunningProjector): DynamicModule {
    return { module: ProjectorModule, providers: [{ provide: PROJECTOR, useValue: projector }, ProjectorLifecycle] };
  }
}
