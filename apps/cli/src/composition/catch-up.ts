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

const least = (positions: readonly bigint[]): bigint => positions.reduce((a, b) => (b < a ? b : a));

const leastPosition = async ({ readers }: Site): Promise<bigint> => {
  const positions = await Promise.all(projections.map((projection) => readers.of(projection as never).position()));
  return least(positions.map((position = LOG_START) => position));
};

/** Whether the views are moved by the server that is running. */
const areMovedThere = ({ engines }: Site): boolean => engines.server?.roles?.includes('projector') === true;

/** Waits for the server whose projector moves the views. */
const waitFor = async (site: Site, position: bigint, onCaughtUp?: OnCaughtUp): Promise<void> => {
  let seen = await leastPosition(site);
  for (let movedAt = Date.now(); seen < position;) {
    await delay(LOOK_EACH_MS);
    const now = await leastPosition(site);
    if (now > seen) movedAt = Date.now();
    else if (Date.now() - movedAt > STANDSTILL_MS) {
      throw new Unavailable('VIEW_BEHIND', `The views stand still at position ${now}, before ${position}: npx faultline doctor says why`);
    }
    seen = now;
    onCaughtUp?.(now);
  }
};

/** A projector of this process, for as long as it has nothing else to do. */
export const projectorOf = ({ log, models, settings }: Site): Projector =>
  new Projector({ log, models, projections: projections as never, settings: { batchEvents: settings.projectorBatchEvents } });

/**
 * Brings every view to a position: by a projector here, or by waiting for the one of the server that is running.
 * @throws ViewHalted when a view cannot take an event; Unavailable VIEW_BEHIND when the server's views stand still
 */
export const bringViewsTo = async (site: Site, position: bigint): Promise<void> => {
  if ((await leastPosition(site)) >= position) return;
  if (areMovedThere(site)) return waitFor(site, position);

  const projector = projectorOf(site);
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
  if (areMovedThere(site)) return work((position, onCaughtUp) => waitFor(site, position, onCaughtUp));

  const projector = new ProjectorThread(site);
  const reached = new Map<string, bigint>();
  projector.observe({ moved: (view, position) => void reached.set(view, position) });
  projector.start();
  try {
    return await work((position, onCaughtUp) => {
      projector.observe({ moved: () => onCaughtUp(least([...reached.values()])) });
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
  if (!areMovedThere(site)) await bringViewsTo(site, await site.log.headPosition());
};
