import { Inject, Injectable, Logger, Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import type { Automation } from './automation.js';
import type { AutomationObserver } from './automation.observer.js';

const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An engine that is away for a moment, a view that is being begun: whoever reads the log need not know. */
const MOMENT_MS = 500;

const logging = (logger: Logger): AutomationObserver => ({
  failed: (name, error, nextInMs) => {
    const text = `${name}: ${inWords(error)}. Next attempt in ${Math.round(nextInMs)} ms`;
    if (nextInMs < MOMENT_MS) logger.debug(text);
    else logger.error(text);
  },
  stuck: (name, id) => logger.error(`${name}: ${id} is due, and nothing comes of it; left alone until something happens to it`),
  parked: ({ type, streamName, revision }, error) =>
    logger.error(`${type}, event ${revision} of ${streamName}, is put aside: ${inWords(error)}`),
  notSent: (channel, noticeId, { message, canRetry }) =>
    logger.warn(`Notice ${noticeId} by ${channel}: ${message}${canRetry ? '; tried again later' : ''}`),
  swept: (scope, incidents, seconds) =>
    logger.log(`The site has changed: looked at ${incidents} ${scope} incidents in ${seconds.toFixed(1)} s`),
});

/** Automation, on whatever thread it runs. */
export type RunningAutomation = Pick<Automation, 'observe' | 'stop'>;

const AUTOMATION = Symbol('automation');

/** Tells the log what automation does, and stops it before the application ends. Who made it starts it, once its links lead somewhere. */
@Injectable()
class AutomationLifecycle implements BeforeApplicationShutdown {
  readonly #logger = new Logger('Automation');

  constructor(@Inject(AUTOMATION) private readonly automation: RunningAutomation) {
    automation.observe(logging(this.#logger));
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!(await this.automation.stop())) this.#logger.warn('Stopped with work begun: whoever goes on finishes it');
  }
}

/** The automation role. */
@Module({})
export class AutomationModule {
  static register(automation: RunningAutomation): DynamicModule {
    return { module: AutomationModule, providers: [{ provide: AUTOMATION, useValue: automation }, AutomationLifecycle] };
  }
}
