import type { Settings } from '#config';
import type { Engines } from '../composition/engines.js';

/** The site that a thread works on, as plain data: it opens connections of its own to the engines. */
export type ThreadSite = Readonly<{ settings: Settings; engines: Omit<Engines, 'close'> }>;

/** What a thread is told. `begin` comes once, and `end` last. */
export type Order<Begin> =
  | Readonly<{ kind: 'begin'; with: Begin }>
  | Readonly<{ kind: 'ask'; question: number; name: string; about: unknown }>
  | Readonly<{ kind: 'end' }>;

/** What a thread tells: something happened, as its observers are told it; the answer to a question; that it has ended, in time or not. */
export type Report =
  | Readonly<{ kind: 'happened'; name: string; told: readonly unknown[] }>
  | Readonly<{ kind: 'interrupted'; message: string; resumeInMs: number }>
  | Readonly<{ kind: 'answer'; question: number; answer: unknown }>
  | Readonly<{ kind: 'ended'; inTime: boolean }>;
