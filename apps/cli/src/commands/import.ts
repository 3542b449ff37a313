import { InvalidInput } from '#kernel';
import { isUtcInstant } from '#domain/incident';
import { whileViewsFollow } from '../composition/catch-up.js';
import { findMapping } from '../import/find-mapping.js';
import { importFile, MOST_FAULTS_LISTED, type ImportOptions, type ImportResult } from '../import/import-file.js';
import { grouped, instant, labelled, table } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { countOf, onSite, type Outcome, type Surroundings } from './command.js';

export type ImportCommand = Readonly<{ file: string; mapping: string; until?: string; batch?: string; dryRun?: boolean }>;

/** How many faulty rows are shown to a person; JSON has more. */
const SHOWN_FAULTS = 20;

/** @throws InvalidInput UNTIL_INVALID */
const untilOf = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  if (isUtcInstant(text)) return new Date(text).toISOString();
  const message = 'An instant in UTC, such as 2026-01-31T08:00:00Z';
  throw new InvalidInput('UNTIL_INVALID', `--until takes ${message.toLowerCase()}`, [{ field: '--until', message }]);
};

const shown = (result: ImportResult, isDryRun: boolean): string => {
  const { rows, incidents, events, added, alreadyThere, faulty, eventsByType, until } = result;
  const listed = faulty.rows.slice(0, SHOWN_FAULTS).map(({ line, reason }) => `  line ${line}: ${reason}`);
  return [
    labelled([
      ['file', `${result.file}  (SHA-256 ${result.sha256})`],
      ['mapping', result.mapping],
      ...(until ? [['until', instant(until)] as const] : []),
      ['rows', grouped(rows)],
      ['incidents', grouped(incidents)],
      ['events', grouped(events)],
      ...(isDryRun
        ? []
        : ([
            ['added', grouped(added)],
            ['there before', grouped(alreadyThere)],
          ] as const)),
      ['faulty', grouped(faulty.count)],
    ]),
    '',
    table(
      [{ heading: 'event' }, { heading: 'count', align: 'right' }],
      Object.entries(eventsByType).map(([type, count]) => [type, grouped(count)]),
    ),
    ...(listed.length > 0 ? ['', 'Faulty rows; their incidents were left out whole:', ...listed] : []),
    ...(faulty.count > listed.length
      ? [`  and ${grouped(faulty.count - listed.length)} more: --json lists ${grouped(MOST_FAULTS_LISTED)}`]
      : []),
    ...(isDryRun ? ['', 'Nothing was written: this was a dry run.'] : []),
  ].join('\n');
};

const imported = async (options: Omit<ImportOptions, 'onProgress'>, terminal: Terminal): Promise<ImportResult> => {
  let bar: ReturnType<Terminal['progress']> | undefined;
  try {
    return await importFile({
      ...options,
      onProgress: ({ bytesRead, sizeBytes, incidents, events }) => {
        bar ??= terminal.progress('Importing', sizeBytes);
        bar.update(bytesRead, `${grouped(incidents)} incidents, ${grouped(events)} events`);
      },
    });
  } finally {
    bar?.end();
  }
};

/** `faultline import`: another system's log becomes events, and the views are brought up to them. */
export const runImport = async (asked: ImportCommand, around: Surroundings): Promise<Outcome> => {
  const { settings, terminal } = around;
  const isDryRun = asked.dryRun === true;
  const mapping = await findMapping(asked.mapping);
  const until = untilOf(asked.until);
  const options = {
    path: asked.file,
    mapping,
    inFlight: countOf(asked.batch, '--batch', settings.importInFlight, 1_024),
    nowMs: Date.now(),
    ...(until !== undefined && { until }),
  };

  const result = isDryRun
    ? await imported(options, terminal)
    : await onSite('import', around, (site) =>
        whileViewsFollow(site, async (reach) => {
          const done = await imported({ ...options, log: site.log }, terminal);
          if (done.position !== undefined) {
            const through = BigInt(done.position);
            const bar = terminal.progress('Bringing the views up', Number(through));
            await reach(through, (position) => bar.update(Number(position)));
            bar.end();
          }
          return done;
        }),
      );
  terminal.answer(result, (all) => shown(all, isDryRun));
  return 'done';
};
