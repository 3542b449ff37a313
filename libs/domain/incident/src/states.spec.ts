import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Refusal } from '#kernel';
import { assertPage } from '#testing';
import { COMMANDS, type Verb } from './commands.fixture.js';
import { CORRECTABLE_FACTS, correctableFacts } from './correctable-facts.js';
import { HISTORIES, incidentThat, linked, major } from './histories.fixture.js';
import { evolve, type Incident, type IncidentEvent } from './incident.js';
import { STATUS_REFUSALS } from './status-rules.js';

const VERBS = Object.keys(COMMANDS) as Verb[];
const STATES = Object.keys(HISTORIES) as Incident['status'][];

/** What must have been there, beside the status, for a command to have anything to do. */
const BEFOREHAND: Partial<Readonly<Record<Verb, readonly IncidentEvent[]>>> = {
  standDown: [major],
  unlink: [linked('caused-by', 'CHG0000456')],
};

type Answer = Readonly<{ kind: 'effect' | 'no change' | 'refused'; code?: string; from: Incident['status']; to: Incident['status'] }>;

const answer = (verb: Verb, from: Incident['status']): Answer => {
  const incident = incidentThat(...HISTORIES[from], ...(BEFOREHAND[verb] ?? []));
  try {
    const events = COMMANDS[verb](incident);
    return { kind: events.length ? 'effect' : 'no change', from, to: events.reduce(evolve, incident).status };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', code: error.code, from, to: from };
    throw error;
  }
};

const codeOf = (state: Incident['status']) => (state === 'unreported' ? 'INCIDENT_NOT_FOUND' : STATUS_REFUSALS[state]);

/** `+` has an effect, `=` had it before, `-` is refused with the code of the status, anything else is refused with that. */
const PINNED = `
                       unreported  new                        acknowledged               on-hold                    resolved                   closed                     cancelled
report                 +           INCIDENT_ALREADY_REPORTED  INCIDENT_ALREADY_REPORTED  INCIDENT_ALREADY_REPORTED  INCIDENT_ALREADY_REPORTED  INCIDENT_ALREADY_REPORTED  INCIDENT_ALREADY_REPORTED
categorize             -           +                          +                          +                          -                          -                          -
prioritize             -           +                          +                          +                          -                          -                          -
acknowledge            -           +                          =                          -                          -                          -                          -
assign                 -           +                          +                          +                          -                          -                          -
escalate               -           +                          +                          +                          -                          -                          -
addNote                -           +                          +                          +                          +                          +                          +
attachFile             -           +                          +                          +                          +                          +                          +
recordDiagnosis        -           +                          +                          +                          +                          -                          -
applyWorkaround        -           +                          +                          +                          -                          -                          -
putOnHold              -           +                          +                          +                          -                          -                          -
resume                 -           -                          -                          +                          -                          -                          -
declareMajor           -           +                          +                          +                          -                          -                          -
standDown              -           +                          +                          +                          +                          +                          +
postStakeholderUpdate  -           +                          +                          +                          +                          +                          +
logWork                -           +                          +                          +                          +                          -                          -
link                   -           +                          +                          +                          +                          +                          +
unlink                 -           +                          +                          +                          +                          +                          +
resolve                -           +                          +                          +                          -                          -                          -
confirmResolution      -           -                          -                          -                          +                          -                          -
rejectResolution       -           -                          -                          -                          +                          -                          -
close                  -           -                          -                          -                          +                          -                          -
reopen                 -           -                          -                          -                          +                          +                          -
cancel                 -           +                          +                          +                          -                          -                          -
reclassify             -           +                          +                          +                          -                          -                          -
correctFact            -           +                          +                          +                          +                          +                          +
`;

const [PINNED_STATES, ...PINNED_ROWS] = PINNED.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const pinned = new Map(PINNED_ROWS.map(([verb, ...cells]) => [verb as Verb, cells]));

const shorthand = ({ kind, code, from }: Answer) => {
  if (kind === 'effect') return '+';
  if (kind === 'no change') return '=';
  return code === codeOf(from) ? '-' : code;
};

type Rule = Readonly<{ verb: string; docstring: string; body: string }>;

/** The rules as they stand in the source: every exported function from a command and an incident to events. */
const rulesInSource = (): Rule[] => {
  const isCode = (file: string) => file.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(file);
  return readdirSync(import.meta.dirname)
    .filter(isCode)
    .flatMap((file) => {
      const source = readFileSync(join(import.meta.dirname, file), 'utf8');
      const rule =
        /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport const (\w+) = \([^]*?incident: Incident,?\s*\): IncidentEvent\[\] => (\{[^]*)/.exec(source);
      if (!rule) return [];
      const [, comment = '', verb = '', body = ''] = rule;
      return [{ verb, docstring: comment.replace(/^\s*\* ?/gm, '').trim(), body }];
    });
};

/** Cells padded to their column, as prettier does. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[], fill = ' ') => `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0, fill)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = line(
    head.map(() => ''),
    '-',
  );
  return [line(head), rule, ...body.map((row) => line(row))].join('\n');
};

const cell = ({ kind, code }: Answer) => ({ effect: 'yes', 'no change': 'no change', refused: `\`${code}\`` })[kind];

const diagram = (): string => {
  const node = (state: string) => (state === 'unreported' ? '[*]' : state.replace('-', '_'));
  const moves = STATES.flatMap((from) => VERBS.map((verb) => ({ verb, ...answer(verb, from) }))).filter(({ from, to }) => from !== to);
  return ['stateDiagram-v2', ...moves.map(({ from, verb, to }) => `  ${node(from)} --> ${node(to)}: ${verb}`)].join('\n');
};

const inCode = (text: string) => text.replace(/\b[A-Z]+(_[A-Z]+)+\b/g, '`$&`');

const correctable = (): string =>
  table([
    ['event', 'fact', 'what it may be'],
    ...Object.keys(CORRECTABLE_FACTS).flatMap((type) =>
      [...correctableFacts(type)].map(([fact, { expected }]) => [`\`${type}\``, `\`${fact}\``, expected]),
    ),
  ]);

const ruleSection = ({ verb, docstring }: Rule): string => {
  const [prose = '', ...refusals] = docstring.split(/^@throws /m).map((part) => part.trim().replace(/\s*\n\s*/g, ' '));
  return [`### ${verb}`, prose, ...(refusals.length ? [refusals.map((refusal) => `- Refused: ${inCode(refusal)}.`).join('\n')] : [])].join(
    '\n\n',
  );
};

const page = (): string => {
  const byVerb = new Map(rulesInSource().map((rule) => [rule.verb, rule]));
  return `# What can be done to an incident, and when

This page is written by \`libs/domain/incident/src/states.spec.ts\`, which gives every command to an incident in every status and reads the rules'
own words: \`UPDATE_DOCS=1 npm run jest -- libs/domain/incident/src/states\` writes it anew, and a page that is stale fails the tests.

## The life of an incident

\`\`\`mermaid
${diagram()}
\`\`\`

## Commands by status

\`yes\`: it has an effect. \`no change\`: it is so already, and nothing is recorded. Otherwise, the code it is refused with. Codes are for
programs and never change. A command that says something wrong is refused in every status, with a code of its own: see its rule below.

${table([['', ...STATES], ...VERBS.map((verb) => [`\`${verb}\``, ...STATES.map((state) => cell(answer(verb, state)))])])}

## The rules

"NotFound" is \`INCIDENT_NOT_FOUND\` where nothing else is named; "IllegalTransition by status" has the codes of the table above.

${VERBS.map((verb) => ruleSection(byVerb.get(verb) as Rule)).join('\n\n')}

## Facts that can be corrected

${correctable()}
`;
};

describe('every command in every status', () => {
  it('is in the table', () => {
    expect(
      rulesInSource()
        .map(({ verb }) => verb)
        .sort(),
    ).toEqual([...VERBS].sort());
    expect([...pinned.keys()]).toEqual(VERBS);
    expect(PINNED_STATES).toEqual(STATES);
  });

  it.each(VERBS)('%s', (verb) => {
    expect(STATES.map((state) => shorthand(answer(verb, state)))).toEqual(pinned.get(verb));
  });

  it.each(rulesInSource())('$verb names in its docstring what it refuses with', ({ docstring, body }) => {
    const thrown = [...body.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code]) => code);
    for (const code of thrown) expect(docstring).toContain(code);
  });

  it('is documented as it is', () => {
    assertPage('incident-states.md', page());
  });
});
