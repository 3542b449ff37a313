import { InvalidInput } from '#kernel';
import { nearest } from '#config';
import { projections } from '#projections';
import {
  checkView,
  rebuildView,
  type AnyProjection,
  type BuildOptions,
  type Checked,
  type Difference,
  type Rebuilt,
} from '#adapters/read-models';
import { bringViewsUp } from '../composition/catch-up.js';
import type { Site } from '../composition/site.js';
import { grouped, labelled } from '../terminal/table.js';
import { onSite, type Outcome, type Surroundings } from './command.js';

export type RebuildCommand = Readonly<{ check?: boolean }>;

export const VIEW_NAMES: readonly string[] = projections.map(({ name }) => name);

/** @throws InvalidInput VIEW_UNKNOWN */
const viewOf = (name: string): AnyProjection => {
  const found = projections.find((projection) => projection.name === name);
  if (found) return found as never;
  const guess = nearest(name, VIEW_NAMES);
  throw new InvalidInput('VIEW_UNKNOWN', `There is no view ${name}: ${guess ? `did you mean ${guess}?` : `take ${VIEW_NAMES.join(', ')}`}`);
};

const reporting = (around: Surroundings, title: string) => {
  let bar: ReturnType<Surroundings['terminal']['progress']> | undefined;
  const onProgress: BuildOptions['onProgress'] = ({ position, head, events }) => {
    bar ??= around.terminal.progress(title, Number(head));
    bar.update(Number(position), `${grouped(events)} events`);
  };
  return { onProgress, end: () => bar?.end() };
};

const inWords = ({ collection, id, kind, fields }: Difference): string => {
  const where = `${collection} ${id}`;
  switch (kind) {
    case 'missing':
      return `${where} is missing`;
    case 'unexpected':
      return `${where} should not be there`;
    case 'different':
      return `${where} differs${fields.length > 0 ? ` in ${fields.join(', ')}` : ' in the order of its fields'}`;
    default:
      return kind satisfies never;
  }
};

const shownCheck = (result: Checked): string =>
  [
    labelled([
      ['view', result.view],
      ['position', result.position.toString()],
      ['events', grouped(result.events)],
      ['documents', grouped(result.documents)],
      ['different', grouped(result.differing)],
      ...(result.unsettled > 0 ? [['not settled', `${grouped(result.unsettled)} kept changing while they were compared`] as const] : []),
    ]),
    ...result.differences.map((difference) => `  ${inWords(difference)}`),
    result.isSame
      ? 'The view is what the log says, byte for byte.'
      : 'The view is NOT what the log says: npx faultline rebuild makes it anew.',
  ].join('\n');

const shownRebuild = ({ view, generation, events, position }: Rebuilt): string =>
  `${view} was built anew from ${grouped(events)} events, up to position ${position}, and has taken its place (generation ${generation}).`;

const check = async (site: Site, view: AnyProjection, around: Surroundings): Promise<Outcome> => {
  await bringViewsUp(site);
  const { onProgress, end } = reporting(around, 'Checking');
  const checked = await checkView(site.models, site.log, view, { onProgress }).finally(end);
  around.terminal.answer(checked, shownCheck);
  return checked.isSame ? 'done' : 'check failed';
};

/** `faultline rebuild`: builds a view beside the old one and swaps; with `--check` compares the two instead. */
export const runRebuild = (name: string, asked: RebuildCommand, around: Surroundings): Promise<Outcome> => {
  const view = viewOf(name);
  return onSite('rebuild', around, async (site) => {
    if (asked.check) return check(site, view, around);
    const { onProgress, end } = reporting(around, 'Rebuilding');
    const rebuilt = await rebuildView(site.models, site.log, view, { onProgress }).finally(end);
    around.terminal.answer(rebuilt, shownRebuild);
    return 'done';
  });
};
