import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertPage } from '#testing';
import { IMPORTABLE_TYPES, shapeOf, type FlatShape } from './importable-events.js';
import { findMapping } from './find-mapping.js';
import { importFile } from './import-file.js';

const choices = (of: readonly string[]) => of.map((choice) => `\`${choice}\``).join(', ');

const takes = (shape: FlatShape): string => {
  switch (shape.kind) {
    case 'text':
      return `text of up to ${shape.maxLength.toLocaleString('en')} characters`;
    case 'choice':
      return choices(shape.choices);
    case 'instant':
      return 'a time';
    case 'number':
      return `a ${shape.whole ? 'whole ' : ''}number from ${shape.min} to ${shape.max.toLocaleString('en')}`;
    case 'true':
      return '`true`, or nothing';
    case 'list':
      return `a list of up to ${shape.maxItems}: ${shape.item.kind === 'text' ? `texts of up to ${shape.item.maxLength} characters` : choices(shape.item.choices)}`;
    default:
      return shape satisfies never;
  }
};

const needs = ({ needed, nullable }: FlatShape): string => (nullable ? 'may be null' : needed ? 'needed' : '');

/** docs/import-events.md, whole. */
const page = (): string =>
  [
    '# What an import can bring in',
    '',
    'The events that a [mapping](import.md) can make, and what each field of their data takes. A field that "may be null" is null where the row does not',
    'know it; an event that needs a field the row does not know makes the row faulty.',
    '',
    ...IMPORTABLE_TYPES.flatMap((type) => {
      const fields = Object.entries(shapeOf(type));
      if (fields.length === 0) return [`## ${type}`, '', 'Without data.', ''];
      const rows = fields.map(([field, shape]) => `| \`${field}\` | ${takes(shape)} | ${needs(shape)} |`);
      return [`## ${type}`, '', '| field | takes | |', '|---|---|---|', ...rows, ''];
    }),
    'This page is written from libs/domain/incident/src/event-shapes.ts by `npm run docs`; a test keeps it in step.',
    '',
  ].join('\n');

describe('the documentation of imports', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'import-docs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('names every event and every field: documented as it is', () => {
    assertPage('import-events.md', page());
  });

  it('has a first mapping that does what it says', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../../../docs/import.md'), 'utf8');
    const example = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] as string;
    const [csv, yaml] = [join(folder, 'tickets.csv'), join(folder, 'tickets.yaml')];
    writeFileSync(csv, example('csv'));
    writeFileSync(yaml, example('yaml'));
    const result = await importFile({ path: csv, mapping: await findMapping(yaml), inFlight: 1, nowMs: Date.parse('2026-06-01') });
    expect(result).toMatchObject({
      incidents: 2,
      events: 8,
      eventsByType: { IncidentReported: 2, IncidentPrioritized: 2, IncidentAssigned: 2, IncidentAcknowledged: 1, IncidentResolved: 1 },
      faulty: { count: 0 },
    });
  });
});
