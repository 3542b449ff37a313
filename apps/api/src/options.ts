import type { EventLog } from '#kernel';
import type { TemplateLanguage } from '#domain/notifications';
import type { OneTimeLinks } from '#domain/one-time-links';
import type { ReadModels, ViewReaders } from '#adapters/read-models';
import type { SiteDefinitions } from '#domain/definitions';

/** One view, as health and metrics show it. */
export type ViewHealth = Readonly<{
  view: string;
  /** What its projector says of it; `elsewhere` where no projector runs in this process. */
  state: string;
  position: bigint;
  isCaughtUp?: boolean;
  lagEvents?: number;
  lagSeconds?: number;
  /** Why it stopped, where it did. */
  halted?: string;
}>;

/** Alarms of one kind: how many nobody has dealt with in time, since when, and when the next one is due (ISO 8601, UTC). */
export type AlarmsHealth = Readonly<{ overdue: number; overdueSince?: string; nextAt?: string }>;

/** How automation is doing on the site, whichever processes run it. */
export type AutomationHealth = Readonly<{
  processes: number;
  parked: number;
  timers: AlarmsHealth;
  notices: AlarmsHealth;
}>;

export type ApiSettings = Readonly<{
  /** Whether a caller is believed when it names itself by headers. */
  actorHeaders: boolean;
  bodyLimitBytes: number;
  pageSizeLimit: number;
  afterWaitLimitMs: number;
  currency: string;
}>;

/** What the HTTP edge is made of; the composition root gives it. */
export type ApiOptions = Readonly<{
  log: EventLog & { check(): Promise<unknown> };
  models: ReadModels;
  readers: ViewReaders;
  settings: ApiSettings;
  /** What the site defines. */
  site: SiteDefinitions;
  /** What the templates of notices are written in. */
  templates: TemplateLanguage;
  /** Reads the links by which reporters answer; absent where the site makes none. */
  links?: OneTimeLinks;
  /** Of the projector in this process, or as the checkpoints say. */
  views: () => Promise<readonly ViewHealth[]>;
  automation: () => Promise<AutomationHealth>;
  /** The present moment; a fixed one in tests. */
  now?: () => Date;
}>;

export const API_OPTIONS = Symbol('ApiOptions');

/** The present moment: ISO 8601, UTC. */
export const nowOf = ({ now = () => new Date() }: Pick<ApiOptions, 'now'>): string => now().toISOString();
