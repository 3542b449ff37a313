import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { siteOn, type Site } from '../composition/site.js';
import type { Order, Report, ThreadSite } from './messages.js';

/** A role as its thread runs it. `answers`: to what its maker may ask, by name. */
export type Role<Observer> = Readonly<{
  observe(observer: Observer): void;
  start(): void;
  stop(): Promise<boolean>;
  answers?: Readonly<Record<string, (about: never) => unknown>>;
}>;

/** How far such a thread stands behind the one that answers requests, where there are too few processors for both (nice). */
const BEHIND_REQUESTS = 10;

/**
 * Runs a role in the thread that calls it, until its maker ends it (`RoleThread`).
 * @param happenings all that the role's observers are told of: its maker's are
 */
export const runRole = <Begin, Observer extends object>(
  happenings: Readonly<Record<keyof Observer, true>>,
  make: (site: Site, begin: Begin) => Role<Observer> | Promise<Role<Observer>>,
): void => {
  // where the system knows threads as Linux does, this is about this one alone; elsewhere it would be about the process
  if (process.platform === 'linux') setPriority(BEHIND_REQUESTS);
  const tell = (report: Report) => parentPort?.postMessage(report);
  const { settings, engines } = workerData as ThreadSite;
  const site = siteOn(settings, { ...engines, close: () => Promise.resolve() }, ({ message }, resumeInMs) =>
    tell({ kind: 'interrupted', message, resumeInMs }),
  );
  const observer = Object.fromEntries(
    Object.keys(happenings).map((name) => [name, (...told: readonly unknown[]) => tell({ kind: 'happened', name, told })]),
  ) as Observer;

  let running: Promise<Role<Observer>> | undefined;
  const begun = async (begin: Begin): Promise<Role<Observer>> => {
    const role = await make(site, begin);
    role.observe(observer);
    role.start();
    return role;
  };

  const obey = async (order: Order<Begin>): Promise<void> => {
    switch (order.kind) {
      case 'begin':
        running = begun(order.with);
        await running;
        break;
      case 'ask': {
        const role = await running;
        tell({ kind: 'answer', question: order.question, answer: await role?.answers?.[order.name]?.(order.about as never) });
        break;
      }
      case 'end': {
        const role = await running;
        const inTime = role === undefined || (await role.stop());
        await site.close();
        tell({ kind: 'ended', inTime });
        break;
      }
      default:
        order satisfies never;
    }
  };
  parentPort?.on('message', (order: Order<Begin>) => void obey(order));
};
