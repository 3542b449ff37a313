export { projectorMetrics } from './projector.metrics.js';
export { ProjectorModule } from './projector.module.js';
export type { ProjectorObserver } from './projector.observer.js';
export { PROJECTOR_SETTINGS, type ProjectorOptions, type ProjectorSettings } from './projector.options.js';
export { Projector, ViewHalted } from './projector.js';
export type { Halt, Retry, ViewState, ViewStatus } from './view-status.js';
