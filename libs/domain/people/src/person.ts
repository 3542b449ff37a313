import { definitionId, integerFrom, lineOf, matching, oneOf, optional, passing, readerOf, setOf } from '#kernel';
import { hoursOfWeek, timeZone, wholeWeek, type WeekHours } from '#domain/local-time';
import { PEOPLE_LIMITS } from './limits.js';

/** What somebody is to the incident process. */
export const ROLES = [
  'reporter',
  'service-desk-agent',
  'technical-support',
  'incident-manager',
  'communications-lead',
  'auditor',
  'administrator',
] as const;
export type Role = (typeof ROLES)[number];

/** Somebody who reports incidents, works on them, or answers for them. How they want to be told is in their notice preferences. */
export type Person = Readonly<{
  name: string;
  email: string;
  phone?: string;
  /** A BCP 47 tag, in its canonical form: `de-AT`. */
  language: string;
  /** IANA: whose wall clock their hours are of. */
  timeZone: string;
  roles: readonly Role[];
  /** What they can do that not everybody can; the words are the site's own, and compared letter by letter. */
  skills: readonly string[];
  /** When they work; else always. */
  workingHours?: WeekHours;
  /** How many open incidents they can hold; else any number. */
  capacity?: number;
  /** The person to whom hierarchical escalation turns. */
  manager?: string;
}>;

/** What browsers take for an address (HTML, valid e-mail address), with a local part no longer than SMTP takes it (RFC 5321). */
const LOCAL_PART = "[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}";
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const EMAIL = new RegExp(`^(?=.{3,${PEOPLE_LIMITS.emailLength}}$)${LOCAL_PART}@${LABEL}(?:\\.${LABEL})*$`);

const PHONE = /^\+?\d[\d ()./-]{1,38}$/;

const isLanguageTag = (value: unknown): boolean => {
  try {
    return typeof value === 'string' && value.length <= 35 && Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false; // a RangeError: it is none
  }
};

const read = readerOf<Person>({
  code: 'PERSON_INVALID',
  noun: 'person',
  fields: {
    name: lineOf(PEOPLE_LIMITS.nameLength),
    email: matching(EMAIL, `an e-mail address of up to ${PEOPLE_LIMITS.emailLength} characters, such as jane.doe@example.org`),
    phone: optional(matching(PHONE, 'a phone number of up to 40 digits, spaces and + ( ) - . /')),
    language: passing(isLanguageTag, 'a BCP 47 language tag, such as en or de-AT'),
    timeZone,
    roles: setOf(oneOf(ROLES), { max: ROLES.length }),
    skills: setOf(lineOf(PEOPLE_LIMITS.nameLength), { max: PEOPLE_LIMITS.skills }),
    workingHours: optional(hoursOfWeek),
    capacity: optional(integerFrom(0, PEOPLE_LIMITS.capacity)),
    manager: optional(definitionId),
  },
  defaults: { roles: [], skills: [] },
});

/**
 * A person from a request or a file. Without roles and skills they have none.
 * @throws InvalidInput PERSON_INVALID, with every fault
 */
export const parsePerson = (input: unknown): Person => {
  const person = read(input);
  const [language = person.language] = Intl.getCanonicalLocales(person.language);
  return { ...person, language, ...(person.workingHours && { workingHours: wholeWeek(person.workingHours) }) };
};
