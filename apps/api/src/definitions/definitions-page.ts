import { DEFINITION_KINDS } from '#domain/definitions';
import { DEFINITION_GUIDES, type DefinitionGuide } from './definition-guide.js';

const fieldsTable = ({ fields }: DefinitionGuide): string[] => [
  '| field | what it says |',
  '|---|---|',
  ...Object.entries(fields).map(([field, says]) => `| \`${field}\` | ${says} |`),
];

/** docs/definitions.md, whole. */
export const definitionsPage = (): string =>
  [
    '# What a site defines',
    '',
    'Calendars, policies, people, teams: whatever decides how incidents are handled is defined by the site, and each change is an event like any other.',
    '`PUT /api/v1/KIND/ID` says what holds from an instant on, `DELETE` takes it out of use, `GET` shows every version there ever was.',
    '[The API](api.md#what-a-site-defines) shows how.',
    '',
    'A definition is sent whole. Whatever is wrong with it is named at once, field by field, with what would be right; and what it refers to must be there.',
    'Ids are 1 to 63 lower-case letters, digits and hyphens. The examples below are one site, in an order in which they can be sent.',
    '',
    ...Object.entries(DEFINITION_GUIDES).flatMap(([path, guide]) => {
      const { about } = DEFINITION_KINDS.find((kind) => kind.path === path) ?? { about: '' };
      const { id, definition } = guide.example;
      return [
        `## ${path}`,
        '',
        about,
        '',
        ...fieldsTable(guide),
        '',
        `\`PUT /api/v1/${path}/${id}\` with`,
        '',
        '```json',
        JSON.stringify({ definition }, null, 2),
        '```',
        '',
      ];
    }),
    'This page is written from apps/api/src/definitions/definition-guide.ts by `npm run docs`; a test keeps it in step.',
    '',
  ].join('\n');
