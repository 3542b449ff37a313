import { settingEntries } from './table.js';

const ROW = ({ variable, takes, unset, about }: Record<'variable' | 'takes' | 'unset' | 'about', string>) =>
  `| \`${variable}\` | ${takes} | ${unset} | ${about} |`;

/** docs/settings.md, whole. */
export const settingsPage = (): string =>
  [
    '# Settings',
    '',
    'Faultline reads its settings from the environment, once, when it starts. A variable that is set to nothing counts as unset. Every fault is',
    'listed at once, and a `FAULTLINE_` variable that is not below is a fault too, so that a slip of the pen is not a silent default.',
    'Secrets are never printed: `npx faultline doctor` says only that they are set.',
    '',
    '| variable | takes | when unset | what it is |',
    '|---|---|---|---|',
    ...settingEntries.map(([, { variable, format, unset, whenUnset, about }]) =>
      ROW({ variable, takes: format.accepts, unset: unset === undefined ? (whenUnset ?? '') : `\`${unset}\``, about }),
    ),
    '',
    'This page is written from libs/config/src/table.ts by `npm run docs`; a test keeps it in step.',
    '',
  ].join('\n');
