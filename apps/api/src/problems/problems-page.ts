import { PROBLEMS } from './problem-catalogue.js';

/** docs/problems.md, whole. */
export const problemsPage = (): string =>
  [
    '# Problems',
    '',
    'Whatever is not a success is answered as Problem Details ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)): `application/problem+json` with',
    '`type`, `title`, `status`, `detail`, `instance`, and two fields of ours: `code`, which is for programs and never changes its meaning, and `errors`,',
    'which names each wrong field and what would be right. Nothing is half-written when a command is refused.',
    '',
    '| code | status | what it means | what to do |',
    '|---|---|---|---|',
    ...Object.entries(PROBLEMS).map(([code, { status, means, remedy }]) => `| \`${code}\` | ${status} | ${means} | ${remedy} |`),
    '',
    'This page is written from apps/api/src/problems/problem-catalogue.ts by `npm run docs`; a test keeps it in step.',
    '',
  ].join('\n');

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const marked = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** The same for a browser, with an anchor for each code: where the `type` of a Problem leads. */
export const problemsHtml = (): string =>
  [
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Faultline: problems</title>',
    '<style>body{font:16px/1.5 system-ui;max-width:72rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0}',
    'tr:target{background:#fff3bf}code{font-size:.9em}</style><h1>Problems</h1><table><tr><th>code<th>status<th>what it means<th>what to do</tr>',
    ...Object.entries(PROBLEMS).map(
      ([code, { status, means, remedy }]) =>
        `<tr id="${code}"><td><code>${code}</code><td>${status}<td>${marked(means)}<td>${marked(remedy)}</tr>`,
    ),
    '</table></html>',
    '',
  ].join('\n');
