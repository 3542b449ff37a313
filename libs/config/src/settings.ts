import { InvalidInput, isLoopback, type FieldFault } from '#kernel';
import { nearest } from './text.js';
import { SETTINGS, settingEntries, type Setting, type SettingName } from './table.js';

type Read<S> = S extends Setting<infer T, infer Unset> ? (Unset extends string ? T : T | undefined) : never;

/** The settings of one process, each of its own type; `undefined` only where the table gives no value to one that is unset. */
export type Settings = Readonly<
  { [Name in Exclude<SettingName, 'actorHeaders'>]: Read<(typeof SETTINGS)[Name]> } & {
    /** Whether a caller may name itself by headers. */
    actorHeaders: boolean;
  }
>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment, or an option of the command line, does not make settings. It lists every fault at once. */
export class InvalidSettings extends InvalidInput {
  constructor(faults: readonly FieldFault[]) {
    super('SETTINGS_INVALID', faults.map(({ field, message }) => `${field} ${message}`).join('\n'), faults);
  }
}

const OURS = /^FAULTLINE_/;

const unknownVariables = (environment: Environment): FieldFault[] => {
  const known = settingEntries.map(([, { variable }]) => variable);
  return Object.keys(environment)
    .filter((variable) => OURS.test(variable) && !known.includes(variable))
    .map((variable) => {
      const guess = nearest(variable, known);
      return { field: variable, message: `is no setting${guess ? `: did you mean ${guess}?` : '; docs/settings.md lists them all'}` };
    });
};

/**
 * The settings that an environment gives. A variable that is set to nothing counts as unset.
 * @throws InvalidSettings naming every variable that is wrong, what it takes, and variables that look like ours and are none; values of
 * secret ones are not shown
 */
export const readSettings = (environment: Environment): Settings => {
  const faults = unknownVariables(environment);
  const values: Partial<Record<SettingName, unknown>> = {};

  for (const [name, { variable, format, unset, secret }] of settingEntries) {
    const text = environment[variable]?.trim() || unset;
    if (text === undefined) continue;
    const value = format.read(text);
    if (value === undefined) faults.push({ field: variable, message: `${secret ? 'is' : `is "${text}":`} not ${format.accepts}` });
    values[name] = value;
  }
  if (faults.length > 0) throw new InvalidSettings(faults);

  const { actorHeaders, ...rest } = values as { [Name in SettingName]: Read<(typeof SETTINGS)[Name]> };
  return { ...rest, actorHeaders: actorHeaders === undefined ? isLoopback(rest.host) : actorHeaders === 'on' };
};

/** Every setting as a person may see it: secret ones say only that they are set. */
export const shownSettings = (settings: Settings): { variable: string; value: string }[] =>
  settingEntries.map(([name, { variable, whenUnset, secret }]) => {
    const value = settings[name];
    if (value === undefined) return { variable, value: `unset (${whenUnset})` };
    if (secret) return { variable, value: 'set (not shown)' };
    if (typeof value === 'boolean') return { variable, value: value ? 'on' : 'off' };
    return { variable, value: Array.isArray(value) ? value.join(',') : String(value) };
  });
