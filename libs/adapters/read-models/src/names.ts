import type { Projection } from '#kernel';

/** What names a view and its version: all that is needed to find its checkpoint. */
export type ViewIdentity = Readonly<{ name: string; version: number }>;

/** The id of a view's checkpoint: `agent-queue_v1`. */
export const viewId = ({ name, version }: ViewIdentity): string => `${name}_v${version}`;

/** A view is built anew beside itself as often as need be: each time is a generation, and the first one needs no number. */
export const FIRST_GENERATION = 1;

const generationSuffix = (generation: number) => (generation === FIRST_GENERATION ? '' : `_g${generation}`);

/** Where one generation of a view keeps a logical collection: `agent_queue_v1`, after a rebuild `agent_queue_v1_g2`. */
export const collectionName = (logical: string, version: number, generation: number): string =>
  `${logical}_v${version}${generationSuffix(generation)}`;

/** The logical collections of a view. */
export const logicalCollections = ({ collections }: Pick<Projection<never, never>, 'collections'>): string[] => Object.keys(collections);

/** Which generation a stored collection belongs to, if it is one of this logical collection and version. */
export const generationOf = (stored: string, logical: string, version: number): number | undefined => {
  const first = collectionName(logical, version, FIRST_GENERATION);
  if (stored === first) return FIRST_GENERATION;
  const number = stored.startsWith(`${first}_g`) ? stored.slice(`${first}_g`.length) : '';
  return /^[1-9]\d*$/.test(number) ? Number(number) : undefined;
};
