import type { Channel } from './channel.js';
import { oneLine } from './quoting.js';

/** Written so that nothing in a text looks like a line of ours, or drives the terminal. */
const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${oneLine(line)}`.trimEnd())
    .join('\n');

/** Writes notices down for whoever watches, each as one text: what a site has until it sets up mail. `write` is a logger, or the terminal. */
export const consoleChannel = (write: (text: string) => void): Channel => ({
  send: ({ noticeId, kind, to, subject, text }) => {
    write(`${oneLine(kind)} to ${oneLine(to)}: ${oneLine(subject)}\n${indented(text)}`);
    return Promise.resolve({ reference: noticeId, answer: 'written' });
  },
});
