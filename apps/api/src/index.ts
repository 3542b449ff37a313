export { createApi } from './api.js';
export { commandHandlers, queryHandlers } from './api.module.js';
export { Metrics } from './health/metrics.controller.js';
export { openApi } from './openapi.js';
export type { ApiOptions, ApiSettings, ViewHealth } from './options.js';
