import { BsonType, fieldsOf, type RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import { refuseCollated } from '../query/collation.js';
import { Arguments } from './command.js';

const FIELDS: ReadonlySet<string> = new Set(
  'locale caseLevel caseFirst strength numericOrdering alternate maxVariable normalization backwards version'.split(' '),
);
/** What Intl calls the strengths. */
const SENSITIVITIES = { 1: 'base', 2: 'accent', 3: 'variant' } as const;
const CASE_FIRST: Readonly<Record<string, 'upper' | 'lower' | 'false' | undefined>> = { upper: 'upper', lower: 'lower', off: 'false' };

const invalid = (field: string, value: string | number): CommandError =>
  new CommandError('BadValue', `Field '${field}' is invalid in a collation: ${value}`);

const isSupported = (locale: string): boolean => {
  try {
    return Intl.Collator.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
};

/**
 * How a command wants text to be compared, by the rules of Unicode that both MongoDB and Intl have from ICU; undefined: by its bytes.
 * https://www.mongodb.com/docs/manual/reference/collation/
 * @throws CommandError BadValue, NotImplemented, for what is no collation, or one that Intl has not
 */
export const collatorOf = (command: Arguments): Intl.Collator | undefined => {
  const document = command.object('collation');
  if (!document) return undefined;
  const given = new Arguments('collation', document);
  given.allow(FIELDS);
  const locale = given.string('locale') ?? given.require('locale').text();
  if (locale === 'simple') return undefined;
  const tag = locale.replaceAll('_', '-');
  if (!isSupported(tag)) throw invalid('locale', locale);

  const [strength, caseLevel] = [given.integer('strength', 1) ?? 3, given.boolean('caseLevel')];
  if (strength > 5) throw invalid('strength', strength);
  if (strength > 3 || (caseLevel && strength === 2)) refuseCollated(`the strength ${strength}`);
  if (given.boolean('backwards') || given.boolean('normalization') || given.string('alternate') === 'shifted')
    refuseCollated('backwards, normalization and shifted alternates');
  const caseFirst = CASE_FIRST[given.string('caseFirst') ?? 'off'];
  if (!caseFirst) throw invalid('caseFirst', given.string('caseFirst') as string);
  return new Intl.Collator(tag, {
    sensitivity: caseLevel && strength === 1 ? 'case' : SENSITIVITIES[strength as 1 | 2 | 3],
    numeric: given.boolean('numericOrdering'),
    caseFirst,
  });
};

/** Operators that compare values, by which a collation would make another update. */
const COMPARING: ReadonlySet<string> = new Set(['$pull', '$pullAll', '$addToSet', '$push', '$min', '$max']);

/** @throws CommandError NotImplemented, for an update that would compare text */
export const refuseCollatedUpdate = (update: RawValue, filters: readonly RawValue[] | undefined): void => {
  const compares = update.type === BsonType.array || [...fieldsOf(update).keys()].some((name) => COMPARING.has(name));
  if (compares || filters) refuseCollated('updates that compare');
};

/** @throws CommandError NotImplemented, for a projection that does more than name fields */
export const refuseCollatedProjection = (projection: RawValue | undefined): void => {
  const fields = projection ? [...fieldsOf(projection).values()] : [];
  if (!fields.every(({ type, isNumber }) => isNumber || type === BsonType.bool)) refuseCollated('projections that compute');
};
