import { makeBackup, restoreBackup, type Backup } from '../composition/backup.js';
import { grouped, instant } from '../terminal/table.js';
import { engineOptions, type Outcome, type Surroundings } from './command.js';

const content = ({ events, position, documents, collections }: Backup): string =>
  `${grouped(events)} events, up to position ${position}, and ${grouped(documents)} documents in ${grouped(collections)} collections`;

/** `faultline backup`: what is recorded now, and the views, checked, in a folder of their own. A server goes on meanwhile. */
export const runBackup = async (to: string, _: object, around: Surroundings): Promise<Outcome> => {
  const made = await makeBackup(around.settings, engineOptions('backup', around), to, around.version);
  around.terminal.answer(made, (backup) => `${backup.folder} holds ${content(backup)}; every one of them was checked.`);
  return 'done';
};

/** `faultline restore`: a backup, checked, in place of an empty data folder. */
export const runRestore = async (from: string, _: object, around: Surroundings): Promise<Outcome> => {
  const { dataFolder } = around.settings;
  const restored = await restoreBackup(around.settings, engineOptions('restore', around), from);
  around.terminal.answer({ ...restored, dataFolder }, (backup) =>
    [
      `${dataFolder} is as it was on ${instant(backup.takenAt)}: ${content(backup)}; every one of them was checked.`,
      'npm start goes on from there.',
    ].join('\n'),
  );
  return 'done';
};
