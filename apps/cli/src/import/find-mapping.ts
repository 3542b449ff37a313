import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInput } from '#kernel';
import type { Mapping } from './mapping.js';
import { parseMapping } from './mapping-parser.js';

/** The mappings that ship with the program. */
const SHIPPED = join(import.meta.dirname, 'mappings');

const shippedNames = async (): Promise<string[]> =>
  (await readdir(SHIPPED)).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));

/**
 * The mapping of that name, or in that file: a name has neither a slash nor a dot.
 * @throws InvalidInput MAPPING_NOT_FOUND; InvalidMapping with every fault
 */
export const findMapping = async (nameOrFile: string): Promise<Mapping> => {
  const isName = /^[A-Za-z0-9_-]+$/.test(nameOrFile);
  if (isName && !(await shippedNames()).includes(nameOrFile)) {
    const names = (await shippedNames()).join(', ');
    throw new InvalidInput(
      'MAPPING_NOT_FOUND',
      `No mapping ${nameOrFile} ships: take ${names}, or the path of a file, as ./${nameOrFile}.yaml`,
    );
  }
  const path = isName ? join(SHIPPED, `${nameOrFile}.yaml`) : nameOrFile;
  try {
    return parseMapping(await readFile(path, 'utf8'), nameOrFile);
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    throw new InvalidInput('MAPPING_NOT_FOUND', `The mapping ${nameOrFile} cannot be read: ${(error as Error).message}`);
  }
};
