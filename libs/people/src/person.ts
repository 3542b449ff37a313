import { definitionId, integerFrom, lineOf, matching, oneOf, optional, passing, readerOf, recordOf, setOf, type Check } from '#kernel';
import { faultsOfWeek, minutesOf, wholeWeek, zoneOf, type WeekHours } from '#local-time';
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

/** By which ways a notice can reach somebody. */
export const NOTICE_CHANNELS = ['email', 'webhook', 'console'] as const;
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

/** How somebody wants to be told. Times are by their wall clock, as `22:00`. */
export type NoticePreferences = Readonly<{
  /** The first one that works is taken. */
  channels: readonly NoticeChannel[];
  /** Nothing but a page comes in these hours; they may pass midnight. */
  quietHours?: Readonly<{ from: string; to: string }>;
  /** What can wait comes once a day, together, at this time; else each at once. */
  dailyDigestAt?: string;
}>;

/** Somebody who reports incidents, works on them, or answers for them. */
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
  notices: NoticePreferences;
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

const isTimeOfDay = (value: unknown): boolean => value !== '24:00' && minutesOf(value) !== undefined;
const timeOfDay = passing(isTimeOfDay, 'a time of the day from 00:00 to 23:59');

const quietHours: Check = (value, field) => {
  const faults = recordOf<Required<NoticePreferences>['quietHours']>({ from: timeOfDay, to: timeOfDay })(value, field);
  const { from, to } = value as { from?: string; to?: string };
  return faults.length > 0 || from !== to ? faults : [{ field: `${field}.to`, message: 'is another time than from: quiet ends' }];
};

const read = readerOf<Person>({
  code: 'PERSON_INVALID',
  noun: 'person',
  fields: {
    name: lineOf(PEOPLE_LIMITS.nameLength),
    email: matching(EMAIL, `an e-mail address of up to ${PEOPLE_LIMITS.emailLength} characters, such as jane.doe@example.org`),
    phone: optional(matching(PHONE, 'a phone number of up to 40 digits, spaces and + ( ) - . /')),
    language: passing(isLanguageTag, 'a BCP 47 language tag, such as en or de-AT'),
    timeZone: passing((value) => typeof value === 'string' && zoneOf(value) !== undefined, 'an IANA time zone, such as Europe/Berlin'),
    roles: setOf(oneOf(ROLES), { max: ROLES.length }),
    skills: setOf(lineOf(PEOPLE_LIMITS.nameLength), { max: PEOPLE_LIMITS.skills }),
    workingHours: optional((value, field) => faultsOfWeek(field, value)),
    capacity: optional(integerFrom(0, PEOPLE_LIMITS.capacity)),
    manager: optional(definitionId),
    notices: recordOf<NoticePreferences>({
      channels: setOf(oneOf(NOTICE_CHANNELS), { min: 1, max: NOTICE_CHANNELS.length }),
      quietHours: optional(quietHours),
      dailyDigestAt: optional(timeOfDay),
    }),
  },
  defaults: { roles: [], skills: [], notices: { channels: ['email'] } },
});

/**
 * A person from a request or a file. Without roles and skills they have none, without preferences they are told by e-mail.
 * @throws InvalidInput PERSON_INVALID, with every fault
 */
export const parsePerson = (input: unknown): Person => {
  const person = read(input);
  const [language = person.language] = Intl.getCanonicalLocales(person.language);
  return { ...person, language, ...(person.workingHours && { workingHours: wholeWeek(person.workingHours) }) };
};
