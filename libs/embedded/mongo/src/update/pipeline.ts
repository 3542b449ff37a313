import type { Environment, Variables } from '../aggregate/environment.js';
import { STAGES } from '../aggregate/stages.js';
import { fieldsOf, itemsOf, type RawValue } from '../bson/raw.js';
import { encodeValue } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { collect, Held, type Source } from '../query/source.js';

/** The stages that an update may consist of: each makes one document of one. */
const ALLOWED: ReadonlySet<string> = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);

/** @throws CommandError Location40324, for a stage that does not exist: the command fails by it, not the one statement */
export const checkStages = (pipeline: RawValue): void => {
  const stranger = itemsOf(pipeline)
    .map((stage) => [...fieldsOf(stage).keys()].join())
    .find((name) => !Object.hasOwn(STAGES, name));
  if (stranger !== undefined) throw new CommandError('Location40324', `Unrecognized pipeline stage name: '${stranger}'`);
};

/**
 * Compiles the pipeline of an update.
 * @throws CommandError InvalidOptions, for a stage that an update may not have
 */
export const compileUpdatePipeline = (pipeline: RawValue, given: Variables, now: () => Date): ((document: RawValue) => RawValue) => {
  const environment: Environment = {
    db: '',
    names: new Set(Object.keys(given)),
    inner: () => {
      throw new CommandError('InvalidOptions', 'A pipeline-style update has no stages with pipelines of their own');
    },
  };
  const stages = itemsOf(pipeline).map((stage) => {
    const [[name, operand] = ['', undefined], ...more] = fieldsOf(stage);
    if (!operand || more.length > 0)
      throw new CommandError('Location40323', 'A pipeline stage specification object must contain exactly one field.');
    const factory = ALLOWED.has(name) ? STAGES[name] : undefined;
    if (!factory) throw new CommandError('InvalidOptions', `${name} is not allowed to be used within an update`);
    return factory(operand, environment);
  });
  return (document) => {
    const variables: Variables = { ...given, NOW: encodeValue(now()) };
    const [result] = collect(stages.reduce<Source>((source, stage) => stage(source, variables), new Held([document])));
    return result as RawValue;
  };
};
