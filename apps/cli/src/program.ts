import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { InvalidInput } from '#kernel';
import { Terminal } from './terminal/terminal.js';
import { surroundings, type Outcome, type Surroundings } from './commands/command.js';

/** The program's own version, from the package.json above it: it runs from the build, and in tests from its sources. */
const ownVersion = (folder = import.meta.dirname): string => {
  const path = join(folder, 'package.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version : ownVersion(dirname(folder));
};

/** What ends a command, as exit codes. */
const DONE = 0;
const FAILED = 1;
const BAD_USE = 2;

type Run = (args: readonly string[], options: never, around: Surroundings) => Promise<Outcome>;

/**
 * The command line, with its help. Each command loads what it needs when it runs, so that asking for help, or for one incident, does not start a server.
 * @param done told how the command that ran has ended
 */
const commandLine = (version: string, done: (outcome: Promise<Outcome>, terminal: Terminal) => Promise<void>): Command => {
  const program = new Command('faultline')
    .description('The system of record for incidents: event-sourced, replayable, provable.')
    .version(version, '-V, --version')
    .showHelpAfterError('(add --help for what there is)')
    .helpCommand(true)
    .addHelpText(
      'after',
      '\nSettings come from the environment: see docs/settings.md. Exit codes: 0 done, 1 failed or a check failed, 2 bad use.',
    );

  const add = (name: string, description: string, run: Run, ...examples: readonly [string, ...string[]]): Command =>
    program
      .command(name)
      .description(description)
      .addHelpText('after', `\nExamples:\n${examples.map((example) => `  npx faultline ${example}`).join('\n')}`)
      .option('--json', 'answer with one JSON document')
      .action((...given: unknown[]) => {
        given.pop(); // the command itself
        const { json = false, ...options } = given.pop() as { json?: boolean };
        const terminal = new Terminal(json);
        const running = (async () => run(given as string[], options as never, surroundings(terminal, version)))();
        return done(running, terminal);
      });

  add(
    'start',
    'run Faultline until it is told to end',
    async (_, options, around) => (await import('./commands/start.js')).runStart(options, around),
    'start',
    'start --roles api,projector',
  ).option('--roles <roles>', 'what to run in this process, of api, projector and automation, with commas between (FAULTLINE_ROLES)');

  add(
    'import',
    'bring a log of another system in (CSV, gz too) as events',
    async ([file], options: object, around) =>
      (await import('./commands/import.js')).runImport({ ...(options as { mapping: string }), file: file as string }, around),
    'import incidents.csv.gz --mapping servicenow --dry-run',
    'import incidents.csv --mapping ./our-system.yaml --until 2026-01-31T00:00:00Z',
  )
    .argument('<file>', 'the log: CSV, or CSV in gzip; what of it is in already is not added again')
    .requiredOption('--mapping <name-or-file>', 'how rows become events: servicenow, which ships, or a file of yours (docs/import.md)')
    .option('--until <instant>', 'only what happened up to this instant, UTC, inclusive')
    .option('--batch <incidents>', 'how many incidents are written at once (FAULTLINE_IMPORT_IN_FLIGHT)')
    .option('--dry-run', 'write nothing; say what would be written, and which rows are faulty');

  add(
    'kpis',
    'the figures, each under its definition',
    async (_, options, around) => (await import('./commands/kpis.js')).runKpis(options, around),
    'kpis --from 2026-01-01 --to 2026-04-01 --by month,priority+team',
    'kpis --definition mttr@1,fcr@1 --by month --time-zone Europe/Berlin --json',
  )
    .option('--from <day-or-instant>', 'the beginning of the period, inclusive')
    .option('--to <day-or-instant>', 'the end of the period, exclusive')
    .option('--by <dimensions>', 'break down by month, priority, category, team, service, channel; + combines: month,priority+team')
    .option('--definition <names>', 'only these definitions, with commas between: mttr@1,fcr@1')
    .option('--time-zone <zone>', 'whose months they are, as Europe/Berlin; UTC when nothing is said');

  add(
    'queue',
    'the open incidents',
    async (_, options, around) => (await import('./commands/queue.js')).runQueue(options, around),
    'queue --team desk --limit 20',
  )
    .option('--team <team>', 'only with this team; none: with no team')
    .option('--agent <agent>', 'only with this agent; none: with no agent')
    .option('--priority <priority>', 'only with this priority; none: not rated')
    .option('--limit <count>', 'how many of them are listed, up to 1000; 20 when nothing is said');

  add(
    'history',
    'every event of an incident, as recorded',
    async ([incident], options, around) => (await import('./commands/history.js')).runHistory(incident as string, options, around),
    'history INC0000042 --json',
  ).argument('<incident>', 'its number');

  add(
    'replay',
    'an incident as it was',
    async ([incident], options, around) => (await import('./commands/history.js')).runReplay(incident as string, options, around),
    'replay INC0000042 --to 3',
    'replay INC0000042 --to 2026-01-31T08:00:00Z --clock recorded',
  )
    .argument('<incident>', 'its number')
    .option('--to <n-or-instant>', 'after so many of its events, or at this instant, UTC')
    .addOption(
      new Option('--clock <clock>', 'of an instant: when things happened, or when they were recorded').choices(['occurred', 'recorded']),
    );

  add(
    'rebuild',
    'build a view anew beside the old one, and swap',
    async ([view], options, around) => (await import('./commands/rebuild.js')).runRebuild(view as string, options, around),
    'rebuild agent-queue',
    'rebuild incident-facts --check',
  )
    .argument('<view>', 'its name; a name that no view has is answered with those there are')
    .option('--check', 'compare the view with what the log says instead; exit code 1 where they differ');

  add(
    'retry-parked',
    'have automation try again what it put aside',
    async (_, options, around) => (await import('./commands/retry-parked.js')).runRetryParked(options, around),
    'retry-parked',
  );

  add(
    'doctor',
    'settings, versions, engines, how far the views are, and what waits for automation',
    async (_, options, around) => (await import('./commands/doctor.js')).runDoctor(options, around),
    'doctor --deep',
  ).option('--deep', 'check every record and document of the embedded engines, and their indexes; exit code 1 where one is damaged');

  add(
    'backup',
    'copy the data of the embedded engines, checked; a server may be running',
    async ([folder], options, around) => (await import('./commands/backup.js')).runBackup(folder as string, options, around),
    'backup /backups/2026-01-31',
  ).argument('<folder>', 'where the copy goes: one that is not there yet, or empty');

  add(
    'restore',
    'put a backup in place of an empty data folder',
    async ([folder], options, around) => (await import('./commands/backup.js')).runRestore(folder as string, options, around),
    'restore /backups/2026-01-31',
  ).argument('<folder>', 'where the backup is');
  return program;
};

/** A reader that went away (`faultline history … | head`) is no fault of ours: there is nobody left to tell. */
const leaveWithReader = () =>
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? DONE : FAILED));

/**
 * Runs one command line.
 * @param args what the user typed behind the program's name
 * @returns the exit code
 */
export const run = async (args: readonly string[]): Promise<number> => {
  leaveWithReader();
  let code = DONE;
  const program = commandLine(ownVersion(), async (running, terminal) => {
    try {
      code = (await running) === 'done' ? DONE : FAILED;
    } catch (error) {
      terminal.failure(error);
      code = error instanceof InvalidInput ? BAD_USE : FAILED;
    }
  });
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? DONE : BAD_USE;
  }
  return code;
};
