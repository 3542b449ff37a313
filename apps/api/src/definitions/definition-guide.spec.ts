import { describe, expect, it } from '@jest/globals';
import { InvalidInput, type FieldFault } from '#kernel';
import { DEFINITION_KINDS, type DefinitionKind } from '#domain/definitions';
import { handlebarsTemplates } from '#adapters/templates';
import { assertPage } from '#testing';
import { DEFINITION_GUIDES, type DefinitionGuide } from './definition-guide.js';
import { definitionsPage } from './definitions-page.js';

const guideOf = ({ path }: DefinitionKind) => DEFINITION_GUIDES[path] as DefinitionGuide;
const parse = (kind: DefinitionKind, input: unknown) => kind.parse(input, { templates: handlebarsTemplates }) as object;

const faultsOf = (kind: DefinitionKind, input: unknown): readonly FieldFault[] => {
  try {
    parse(kind, input);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.faults;
    throw error;
  }
};

/** What a parser says of a field that it does not know, whatever its words. */
const saidOfStrangers = (kind: DefinitionKind): string => {
  const [fault] = faultsOf(kind, { ...guideOf(kind).example.definition, stranger: true });
  return fault?.message ?? '';
};

describe('the guide to definitions', () => {
  it('is there for every kind, and for no other', () => {
    expect(Object.keys(DEFINITION_GUIDES).sort()).toEqual(DEFINITION_KINDS.map(({ path }) => path).sort());
  });

  it.each(DEFINITION_KINDS.map((kind) => [kind.path, kind] as const))(
    '%s: has an example that is one, and describes every field',
    (_, kind) => {
      const { fields, example } = guideOf(kind);
      expect(faultsOf(kind, example.definition)).toEqual([]);
      expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(parse(kind, example.definition))));
    },
  );

  it.each(DEFINITION_KINDS.map((kind) => [kind.path, kind] as const))('%s: describes no field that there is not', (_, kind) => {
    const { fields, example } = guideOf(kind);
    expect(saidOfStrangers(kind)).not.toBe('');
    for (const field of Object.keys(fields)) {
      const faults = faultsOf(kind, { ...example.definition, [field]: NaN }); // no field takes that
      expect(faults.filter((fault) => fault.field === field && fault.message === saidOfStrangers(kind))).toEqual([]);
      expect([field, faults.length > 0]).toEqual([field, true]);
    }
  });

  it('is documented as it is', () => assertPage('definitions.md', definitionsPage()));
});
