import { pino } from 'pino';
import { Unavailable, type EventLog } from '#kernel';
import type { ReadModels, ViewReaders } from '#adapters/read-models';
import { SiteDefinitions } from '#domain/definitions';
import { handlebarsTemplates } from '#adapters/templates';
import { createApi, openApi, type ApiOptions, type ApiSettings } from '../../apps/api/src/index.js';
import { apiContract, type Exchange } from './api-contract.js';

export const API_SETTINGS: ApiSettings = {
  actorHeaders: true,
  bodyLimitBytes: 65_536,
  pageSizeLimit: 100,
  afterWaitLimitMs: 5_000,
  currency: 'EUR',
};

const nothingBuilt = { of: () => ({ read: () => Promise.reject(new Unavailable('VIEW_NOT_BUILT', 'There are no views here')) }) };

/** An answer: its JSON, or its text where it is none. */
export type Answer = Readonly<{ status: number; headers: Record<string, string>; body: Record<string, string>; text: string }>;

/** The HTTP edge, listening on loopback. */
export type RunningApi = Readonly<{
  url: string;
  request: (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  close: () => Promise<void>;
}>;

/** Asks as any client would, and holds every answer to the document of the API; a string is sent as it is. */
const requester =
  (url: string, check: (exchange: Exchange) => void): RunningApi['request'] =>
  async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    check({ method, path, body, status: response.status, headers: Object.fromEntries(response.headers), text });
    const isJson = response.headers.get('content-type')?.includes('json') && !response.headers.get('content-type')?.includes('ndjson');
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: (isJson ? JSON.parse(text) : {}) as Record<string, string>,
      text,
    };
  };

/** The HTTP edge on a log; without views where none are given. */
export const apiOn = async (
  log: EventLog,
  {
    onOperation = () => undefined,
    ...more
  }: Partial<ApiOptions> & { /** Told of every operation that succeeded. */ onOperation?: (operationId: string) => void } = {},
): Promise<RunningApi> => {
  const app = await createApi({
    logger: pino({ level: 'silent' }),
    parts: { incidents: true, pages: false },
    options: {
      log: Object.assign(Object.create(log) as EventLog, log, { check: () => Promise.resolve() }),
      models: { check: () => Promise.resolve() } as unknown as ReadModels,
      readers: nothingBuilt as unknown as ViewReaders,
      settings: API_SETTINGS,
      site: new SiteDefinitions(log),
      templates: handlebarsTemplates,
      views: () => Promise.resolve([]),
      automation: () => Promise.resolve({ processes: 1, parked: 0, timers: { overdue: 0 }, notices: { overdue: 0 } }),
      ...more,
    },
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return { url, request: requester(url, apiContract(openApi(app), onOperation)), close: () => app.close() };
};
