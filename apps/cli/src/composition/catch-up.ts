import { setTimeout as delay } from 'node:timers/promises';
import { LOG_START, Unavailable } from '#kernel';
import { projections } from '#projections';
import { Projector } from '../../../projector/src/projector.js';
import { ProjectorThread } from '../threads/projector-thread.js';
import type { Site } from './site.js';

/** Told how far the view that is furthest behind has come. */
export type OnCaughtUp = (position: bigint) => void;

/** Between two looks at views that a server moves, in milliseconds; and how long none of them may stand still. */
const LOOK_EACH_MS = 100;
const STANDSTILL_MS = 15_000;

const leastPosition = async ({ readers }: Site): Promise<bigint> => {
  const positions = await Promise.all(projections.map((projection) => readers.of(projection as never).position()));
  return positions.reduce<bigint>((least, position = LOG_START) => (position < least ? position : least), positions[0] ?? LOG_START);
};

/** Waits for the server whose projector moves the views. */
const waitFor = async (site: Site, position: bigint, onCaughtUp?: OnCaughtUp): Promise<void> => {
  let least = await leastPosition(site);
  for (let movedAt = Date.now(); least < position;) {
    await delay(LOOK_EACH_MS);
    const now = await leastPosition(site);
    if (now > least) movedAt = Date.now();
    else if (Date.now() - movedAt > STANDSTILL_MS) {
      throw new Unavailable('VIEW_BEHIND', `The views stand still at position ${now}, before ${position}: npx faultline doctor says why`);
    }
    least = now;
    onCaughtUp?.(least);
  }
};

/** A projector of this process, for as long as it has nothing else to do. */
export const projectorOf = ({ log, models, settings }: Site): Projector =>
  new Projector({ log, models, projections: projections as never, settings: { batchEvents: settings.projectorBatchEvents } });

/**
 * Brings every view to a position: by a projector here, or by waiting for the one of the server that is running.
 * @throws ViewHalted when a view cannot take an event; Unavailable VIEW_BEHIND when the server's views stand still
 */
export const bringViewsTo = async (site: Site, position: bigint, onCaughtUp?: OnCaughtUp): Promise<void> => {
  if ((await leastPosition(site)) >= position) return;
  if (site.engines.server?.roles?.includes('projector')) return waitFor(site, position, onCaughtUp);

  const projector = projectorOf(site);
  if (onCaughtUp) {
    projector.observe({
      moved: () => onCaughtUp(projector.status().reduce((least, view) => (view.position < least ? view.position : least), position)),
    });
  }
  projector.start();
  try {
    await projector.reach(position);
  } finally {
    await projector.stop();
  }
};

/**
 * Has the views follow the log while something is written to it: by the projector of the server that is running, or by one of this process,
 * on a thread of its own. `reach` resolves once every view is at a position.
 * @throws as `bringViewsTo`
 */
export const whileViewsFollow = async <Result>(
  site: Site,
  work: (reach: (position: bigint, onCaughtUp: OnCaughtUp) => Promise<void>) => Promise<Result>,
): Promise<Result> => {
  if (site.engines.server?.roles?.includes('projector')) return work((position, onCaughtUp) => waitFor(site, position, onCaughtUp));

  const projector = new ProjectorThread(site);
  const reached = new Map<string, bigint>();
  const listeners: OnCaughtUp[] = [];
  projector.observe({
    moved: (view, position) => {
      reached.set(view, position);
      for (const tell of listeners) tell([...reached.values()].reduce((least, other) => (other < least ? other : least), position));
    },
  });
  projector.start();
  try {
    return await work((position, onCaughtUp) => {
      listeners.push(onCaughtUp);
      return projector.reach(position);
    });
  } finally {
    await projector.stop();
  }
};

/**
 * Brings every view to the end of the log as it is now; a running server's views are at its own, and are left to it.
 * @throws as `bringViewsTo`
 */
export const bringViewsUp = async (site: Site): Promise<void> => {
  if (!site.engines.server?.roles?.includes('projector')) await bringViewsTo(site, await site.log.headPosition());
};
