import type { EventLog, Projection } from '#kernel';
import { Build, type BuildOptions } from './build.js';
import { BuildSuperseded, Checkpoints } from './checkpoints.js';
import type { ReadModels } from './connection.js';
import { reaching } from './failures.js';
import { dropLeftovers } from './leftovers.js';
import { viewId } from './names.js';
import type { AnyProjection } from './view-store.js';

export type Rebuilt = Readonly<{ view: string; generation: number; position: bigint; events: number }>;

/**
 * Builds beside the live view, and drops what was built where `work` fails. Leftovers of builds that crashed are dropped first.
 */
export const buildingBeside = async <Result>(
  models: ReadModels,
  log: EventLog,
  projection: Projection,
  options: BuildOptions,
  work: (build: Build, checkpoints: Checkpoints) => Promise<Result>,
): Promise<Result> => {
  const checkpoints = new Checkpoints(models.db, viewId(projection));
  const generation = await checkpoints.beginBuild(new Date());
  const build = new Build(models, projection, checkpoints, log, generation, options);
  try {
    await dropLeftovers(models.db, projection, checkpoints, new Date());
    return await work(build, checkpoints);
  } finally {
    // after a take-over there is no build to end; what is left to drop is then the generation that was live
    await checkpoints.endBuild({ generation }).catch(() => false);
    await dropLeftovers(models.db, projection, checkpoints, new Date()).catch(() => []);
  }
};

/**
 * Builds a view anew from the start of the log, beside the live one, and puts it in its place by one compare-and-swap as soon as it is at
 * least as far; then the old collections are dropped. Nobody who reads sees anything but one or the other. A projector may run meanwhile:
 * it notices by its next compare-and-swap, and goes on in the new generation.
 * After a crash, run it again: what it had built is dropped.
 *
 * @throws PoisonEvent, WriteRefused, UnreadableEvent when the log cannot be taken: the live view stays
 * @throws BuildSuperseded when another rebuild or check of the view began meanwhile
 * @throws Unavailable
 */
export const rebuildView = (models: ReadModels, log: EventLog, view: AnyProjection, options: BuildOptions = {}): Promise<Rebuilt> => {
  const projection = view as unknown as Projection;
  return reaching(models.endpoint, () =>
    buildingBeside(models, log, projection, options, async (build, checkpoints) => {
      const { generation } = build.generation;
      await build.catchUp();
      await build.generation.createIndexes();
      // the last stretch: what was recorded while the indexes were made, and again until the live view is not ahead
      do await build.catchUp();
      while (!(await tookOver(build, checkpoints)));
      return { view: checkpoints.view, generation, position: build.position, events: build.events };
    }),
  );
};

const tookOver = async ({ generation: { generation }, position }: Build, checkpoints: Checkpoints): Promise<boolean> => {
  if (await checkpoints.takeOver(generation, position)) return true;
  const record = await checkpoints.read();
  // an answer that was lost on the way: it had taken over
  if (record?.generation === generation) return true;
  if (record?.building?.generation !== generation) throw new BuildSuperseded(checkpoints.view);
  return false;
};
