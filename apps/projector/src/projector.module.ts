import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { PROJECTOR_OPTIONS, type ProjectorOptions } from './projector.options.js';
import { Projector } from './projector.service.js';

/** The projector role: starts with the application and stops before it does. */
@Module({})
export class ProjectorModule {
  /** @param options the engines stay their owner's: the module closes neither */
  static register(options: ProjectorOptions): DynamicModule {
    return {
      module: ProjectorModule,
      imports: [CqrsModule.forRoot()],
      providers: [{ provide: PROJECTOR_OPTIONS, useValue: options }, Projector],
      exports: [Projector],
    };
  }
}
