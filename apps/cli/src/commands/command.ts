import { readSettings, type Settings } from '#config';
import { InvalidInput } from '#kernel';
import type { EnginesOptions } from '../composition/engines.js';
import { openSite, type Site } from '../composition/site.js';
import type { Terminal } from '../terminal/terminal.js';

/** What every command gets: the settings of the environment, and where to say things. */
export type Surroundings = Readonly<{ settings: Settings; terminal: Terminal; version: string }>;

/** How a command ends: done, or a check that it made has failed. Bad use and faults are thrown. */
export type Outcome = 'done' | 'check failed';

/** How long a command waits for another one on the same data folder, in milliseconds. */
const PATIENCE_MS = 30_000;

/** @throws InvalidSettings with every fault of the environment */
export const surroundings = (terminal: Terminal, version: string): Surroundings => ({
  settings: readSettings(process.env),
  terminal,
  version,
});

/** How a command comes to the data folder: it waits for another one that is on it, and says so. */
export const engineOptions = (command: string, { settings, terminal }: Surroundings): EnginesOptions => ({
  command,
  patienceMs: PATIENCE_MS,
  onWait: (owner) =>
    terminal.note(`Waiting for faultline ${owner.command} (process ${owner.pid}) to be done with ${settings.dataFolder} …`),
});

/** Opens the site, works on it, and closes it whatever happens. */
export const onSite = async <Result>(command: string, around: Surroundings, work: (site: Site) => Promise<Result>): Promise<Result> => {
  const site = await openSite(around.settings, engineOptions(command, around));
  try {
    return await work(site);
  } finally {
    await site.close();
  }
};

/**
 * A count that an option gives, from 1.
 * @throws InvalidInput COUNT_INVALID
 */
export const countOf = (text: string | undefined, option: string, unset: number, most: number): number => {
  if (text === undefined) return unset;
  if (/^[1-9]\d{0,8}$/.test(text) && Number(text) <= most) return Number(text);
  throw new InvalidInput('COUNT_INVALID', `${option} takes a whole number from 1 to ${most}`);
};

/** An incident's number, as a person types it. @throws InvalidInput INCIDENT_ID_INVALID */
export const incidentIdOf = (text: string): string => {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text;
  throw new InvalidInput('INCIDENT_ID_INVALID', `${JSON.stringify(text)} is no incident number: take one such as INC0000001`);
};
