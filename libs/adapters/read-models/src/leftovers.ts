import type { Db } from 'mongodb';
import type { Projection } from '#kernel';
import type { Checkpoints } from './checkpoints.js';
import { generationOf, logicalCollections } from './names.js';

/** A builder says every few seconds that it is at it. One that has said nothing for ten minutes is taken for dead. */
const DEAD_AFTER_MS = 600_000;

/**
 * Drops every stored collection of this view and version that is neither of the live generation nor of one being built. Generations given
 * out later than the record was read are not touched: they may be beginning just now.
 */
export const dropLeftovers = async (db: Db, projection: Projection, checkpoints: Checkpoints, now: Date): Promise<string[]> => {
  const record = await checkpoints.read();
  if (!record) return [];
  const { generation: live, lastGeneration } = record;
  let { building } = record;
  if (building && now.getTime() - building.seenAt.getTime() > DEAD_AFTER_MS && (await checkpoints.endBuild(building))) building = null;

  const isLeftover = (generation: number) => generation <= lastGeneration && generation !== live && generation !== building?.generation;

  const dropped: string[] = [];
  const stored = await db.listCollections({}, { nameOnly: true }).toArray();
  for (const { name } of stored) {
    const generations = logicalCollections(projection).map((logical) => generationOf(name, logical, projection.version));
    if (!generations.some((generation) => generation !== undefined && isLeftover(generation))) continue;
    await db.collection(name).drop();
    dropped.push(name);
  }
  return dropped;
};
