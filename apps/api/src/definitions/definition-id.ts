import { DEFINITION_ID_PATTERN, InvalidInput, NotFound, SITE_ID } from '#kernel';
import type { DefinitionKind } from '#domain/definitions';

/** The id in a path. @throws InvalidInput DEFINITION_ID_INVALID */
export const definitionIdParam = ({ path, isSingle }: Pick<DefinitionKind, 'path' | 'isSingle'>, text: string): string => {
  if (isSingle ? text === SITE_ID : DEFINITION_ID_PATTERN.test(text)) return text;
  const message = isSingle
    ? `${SITE_ID}: a site has one of its ${path.replaceAll('-', ' ')}`
    : '1 to 63 lower-case letters, digits and -, beginning with a letter or a digit';
  const faults = [{ field: 'id', message }];
  throw new InvalidInput('DEFINITION_ID_INVALID', 'That is no id', faults);
};

/** Nobody has ever said anything under that id. */
export const notDefined = ({ path }: Pick<DefinitionKind, 'path'>, id: string): NotFound =>
  new NotFound('DEFINITION_NOT_FOUND', `There is no ${id} among the ${path}`);
