import { ViewHalted, type ProjectorObserver } from '../../../projector/src/index.js';
import { projectorOf } from '../composition/catch-up.js';
import { tellCommits } from './commits.js';
import type { Halted } from './projector-thread.js';
import { runRole } from './run-role.js';

runRole<undefined, ProjectorObserver>(
  { moved: true, committed: true, halted: true, retrying: true, recovered: true, standingBy: true, logFailed: true },
  (site) => {
    tellCommits(site.models);
    const projector = projectorOf(site);
    return {
      observe: (observer) => projector.observe(observer),
      start: () => projector.start(),
      stop: () => projector.stop(),
      answers: {
        status: () => projector.status(),
        ready: () => projector.ready(),
        reach: (position: bigint): Promise<Halted | undefined> =>
          projector.reach(position).then(
            () => undefined,
            (error: unknown) => {
              if (error instanceof ViewHalted) return { view: error.view, halt: error.halt };
              throw error;
            },
          ),
      },
    };
  },
);
