export { createApi, type CreateApi } from './api.js';
export { commandHandlers, queryHandlers, type ApiParts } from './api.module.js';
export { Metrics } from './health/metrics.controller.js';
export { openApi } from './openapi.js';
export { problemsPage } from './problems/problems-page.js';
export type { ApiOptions, ApiSettings, ViewHealth } from './options.js';
