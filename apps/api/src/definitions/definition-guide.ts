import { ALLOWANCE_UNITS, CALENDAR_LIMITS } from '#domain/calendars';
import { CATALOGUE_LIMITS, CRITICALITIES, DATA_CLASSIFICATIONS, DEFAULT_PRIORITY_POLICY } from '#domain/catalogue';
import { ESCALATION_LIMITS } from '#process-managers/escalation';
import {
  CLOSE_AFTER_DAYS,
  ESCALATION_TARGETS,
  ESCALATION_TRIGGERS,
  HOLD_REASONS,
  MOST_RANK,
  RISKS,
  SLA_KINDS,
  SLA_TARGETS,
} from '#domain/incident';
import { SITE_ID } from '#kernel';
import { NOTICE_CHANNELS, OCCASION_NAMES, TEMPLATE_LIMITS } from '#domain/notifications';
import { ON_CALL_LIMITS } from '#domain/on-call';
import { ASSIGNMENT_METHODS, PEOPLE_LIMITS, ROLES, TIERS } from '#domain/people';
import { POLICY_LIMITS } from '#process-managers/service-levels';

/** How a definition of one kind is written: what its fields say, and one as it would be sent. */
export type DefinitionGuide = Readonly<{
  /** Each field in words; what may be left out says so. */
  fields: Readonly<Record<string, string>>;
  example: Readonly<{ id: string; definition: Readonly<Record<string, unknown>> }>;
}>;

const some = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ');

const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];
const WORKING_DAYS = { monday: NINE_TO_FIVE, tuesday: NINE_TO_FIVE, wednesday: NINE_TO_FIVE, thursday: NINE_TO_FIVE, friday: NINE_TO_FIVE };

const NAME = 'What people call it.';
const ALLOWANCE = `An allowance is an \`amount\` and a \`unit\`: ${some(ALLOWANCE_UNITS)}.`;
const CALENDAR = 'The id of the calendar that business time is measured by. May be left out where all time is elapsed.';
const HOURS = 'by weekday, a list of `from` and `to`; `24:00` is the end of the day, and a weekday that is not named is off';

/** Of policies: which incidents one is for. */
const RANKED = {
  rank: `From 0 to ${MOST_RANK}: of several that are for an incident, the lowest rank goes first.`,
  when:
    'Which incidents it is for: lists of `services`, `categories`, `priorities`, `channels`, `reporterGroups`, and `major` (true or false). ' +
    'All that are given must hold; left out, it is for every incident. A reporter’s groups are the ids of the teams that they are a member of.',
};

/** One site, by the path of each kind: every definition refers to others that are here, and comes after them. */
export const DEFINITION_GUIDES: Readonly<Record<string, DefinitionGuide>> = {
  calendars: {
    fields: {
      name: NAME,
      timeZone: 'IANA: whose wall clock the hours are of.',
      week: `The hours, ${HOURS}.`,
      exceptions: `Days with other hours, or none: \`date\`, \`hours\`, \`reason\`. Up to ${CALENDAR_LIMITS.exceptions}; may be left out. They go before holidays.`,
      holidays: `Days off: \`date\`, \`name\`, and the \`feed\` that it came from, if one. Up to ${CALENDAR_LIMITS.holidays}; may be left out.`,
    },
    example: {
      id: 'office-hours',
      definition: {
        name: 'Office hours',
        timeZone: 'Europe/Brussels',
        week: WORKING_DAYS,
        exceptions: [{ date: '2026-12-24', hours: [{ from: '09:00', to: '12:00' }], reason: 'Christmas Eve' }],
        holidays: [{ date: '2026-12-25', name: 'Christmas' }],
      },
    },
  },
  people: {
    fields: {
      name: 'What they are called.',
      email: 'Their address.',
      phone: 'May be left out.',
      language: 'A BCP 47 tag: `en`, `de-AT`.',
      timeZone: 'IANA: whose wall clock their hours are of.',
      roles: `What they are to the process: ${some(ROLES)}. May be left out.`,
      skills: 'What they can do that not everybody can, in the site’s own words, compared letter by letter. May be left out.',
      workingHours: `When they work, ${HOURS}. Left out, always.`,
      capacity: 'How many open incidents they can hold. Left out, any number.',
      manager: 'The id of the person to whom hierarchical escalation turns. May be left out.',
    },
    example: {
      id: 'els-jacobs',
      definition: {
        name: 'Els Jacobs',
        email: 'els.jacobs@example.org',
        phone: '+32 16 555 01 23',
        language: 'en',
        timeZone: 'Europe/Brussels',
        roles: ['incident-manager'],
        skills: ['routing'],
        workingHours: WORKING_DAYS,
        capacity: 5,
      },
    },
  },
  'on-call-schedules': {
    fields: {
      name: NAME,
      timeZone: 'IANA: whose wall clock every time is of.',
      layers:
        `From the lowest to the highest, up to ${ON_CALL_LIMITS.layers}: a layer covers those before it wherever it has somebody on call. Each has a \`name\`, ` +
        '`participants` (ids of people, in the order of their turns), a `rotation` (`unit` is `hours`, `days` or `weeks`, with `count`; or `custom`, with ' +
        '`hours`: turns of these lengths, over and over), a `handOver` (`time`, and the `weekday` of a rotation by weeks), a `start` (a local date and time), ' +
        'and, where it has somebody on call only in some hours, `onlyDuring` (`weekdays`, `from`, `to`).',
    },
    example: {
      id: 'payments',
      definition: {
        name: 'Payments, first line',
        timeZone: 'Europe/Brussels',
        layers: [
          {
            name: 'Weeks',
            participants: ['els-jacobs'],
            rotation: { unit: 'weeks', count: 1 },
            handOver: { time: '09:00', weekday: 'monday' },
            start: '2026-01-05T09:00',
          },
        ],
      },
    },
  },
  teams: {
    fields: {
      name: NAME,
      tier: `Of support, ${TIERS.min} to ${TIERS.max}: 1 is the service desk.`,
      members: `Ids of people, up to ${PEOPLE_LIMITS.members}. May be left out.`,
      lead: 'The id of the person who answers for it. May be left out.',
      nextTier: 'The id of the team to which functional escalation goes. Left out, it goes no further.',
      onCallSchedule: 'The id of the schedule that says who of them is on call. May be left out.',
      calendar: 'The id of the calendar by which its agreements count. May be left out.',
      reporterGroups: 'Whose incidents it takes: ids of teams, of one of which the reporter is a member. Left out, everybody’s.',
      assignment: `How it finds the member who gets an incident: ${some(ASSIGNMENT_METHODS)} (nobody is given any).`,
    },
    example: {
      id: 'network',
      definition: {
        name: 'Network operations',
        tier: 2,
        members: ['els-jacobs'],
        lead: 'els-jacobs',
        onCallSchedule: 'payments',
        calendar: 'office-hours',
        reporterGroups: ['stores'],
        assignment: 'least-loaded',
      },
    },
  },
  taxonomies: {
    fields: {
      categories: `Up to ${CATALOGUE_LIMITS.categories}, each with a \`name\`, its \`subcategories\` (\`name\`), and \`retired: true\` where it is not chosen any more.`,
      other: 'The category for what fits in no other.',
      guide:
        'Questions that lead to a category: `id`, `text`, and `answers`, each with a `text` and what it `leadsTo`, another `question` further down or a ' +
        '`category` with its `subcategory`. May be left out.',
    },
    example: {
      id: SITE_ID,
      definition: {
        categories: [
          { name: 'Network', subcategories: [{ name: 'Firewall' }, { name: 'Switches' }] },
          { name: 'Fax', retired: true },
          { name: 'Other' },
        ],
        other: 'Other',
        guide: {
          questions: [
            {
              id: 'what',
              text: 'Do other applications reach the network?',
              answers: [
                { text: 'No', leadsTo: { category: 'Network', subcategory: 'Switches' } },
                { text: 'Yes', leadsTo: { category: 'Other' } },
              ],
            },
          ],
        },
      },
    },
  },
  'priority-policies': {
    fields: {
      matrix:
        '`impacts`, `urgencies` and `priorities`, highest first; `cells`, by impact and urgency; `raises`, by how many levels each risk raises a priority.',
      riskRules: `What puts an incident at risk by itself: \`id\`, \`when\` (lists of \`criticalities\`, \`dataClassifications\`, \`categories\`, \`subcategories\`) and \`risks\` (${some(RISKS)}). The first rule that holds decides. May be left out.`,
    },
    example: { id: SITE_ID, definition: DEFAULT_PRIORITY_POLICY },
  },
  services: {
    fields: {
      name: NAME,
      ownerTeam: 'The id of the team that answers for it.',
      supportTeam: 'The id of the team that works on its incidents.',
      criticality: `How much depends on it: ${some(CRITICALITIES)}.`,
      downtimeMinuteRate: 'What a minute without it costs: `amount` in minor units, and `currency`. May be left out.',
      dataClassification: `What kind of protected data it holds: ${some(DATA_CLASSIFICATIONS)}.`,
    },
    example: {
      id: 'card-payments',
      definition: {
        name: 'Card payments',
        ownerTeam: 'network',
        supportTeam: 'network',
        criticality: 'critical',
        downtimeMinuteRate: { amount: 5_000, currency: 'EUR' },
        dataClassification: 'payment',
      },
    },
  },
  'service-level-policies': {
    fields: {
      name: NAME,
      kind: `Between whom it is agreed: ${some(SLA_KINDS)}.`,
      ...RANKED,
      entries: `Up to ${POLICY_LIMITS.entries}, each with its own \`when\` and \`targets\`: an allowance for ${some(SLA_TARGETS)}. The first one that holds gives the targets. ${ALLOWANCE}`,
      calendar: CALENDAR,
      pausesOn: `The reasons of a hold during which its clocks do not run: ${some(HOLD_REASONS)}. Left out, none.`,
      warnAt: 'At which shares of the time to warn, in percent, ascending. Left out, at 50, 75 and 90.',
    },
    example: {
      id: 'gold',
      definition: {
        name: 'Gold',
        kind: 'sla',
        rank: 10,
        when: { services: ['card-payments'] },
        entries: [
          {
            when: { priorities: ['P1', 'P2'] },
            targets: { response: { amount: 15, unit: 'elapsed-minutes' }, resolution: { amount: 4, unit: 'business-hours' } },
          },
          { when: {}, targets: { resolution: { amount: 2, unit: 'business-days' } } },
        ],
        calendar: 'office-hours',
        pausesOn: ['caller', 'vendor'],
        warnAt: [75],
      },
    },
  },
  'assignment-rules': {
    fields: {
      rules:
        'In order, the first one that holds decides: `when` (lists of `categories`, `subcategories`, `services`, `priorities`, `locations`, `channels`), ' +
        'the `team`, and the `skill` that somebody of it must have, where there is one. The last rule may ask nothing, and takes what is left.',
    },
    example: {
      id: SITE_ID,
      definition: { rules: [{ when: { categories: ['Network'], locations: ['Leuven'] }, team: 'network', skill: 'routing' }] },
    },
  },
  'escalation-policies': {
    fields: {
      name: NAME,
      ...RANKED,
      triggers: `What sets it going: ${some(ESCALATION_TRIGGERS)}.`,
      steps: `Up to ${ESCALATION_LIMITS.steps}: how long to \`wait\` for an answer before each, and its \`targets\`, by \`kind\` (${some(ESCALATION_TARGETS)}) and \`id\`. ${ALLOWANCE}`,
      repeats: `How often all steps are taken again while nobody answers, up to ${ESCALATION_LIMITS.repeats}. Left out, never.`,
      repeatAfter: 'How long after the last step: an allowance. Left out where nothing is repeated.',
      calendar: CALENDAR,
    },
    example: {
      id: 'payments',
      definition: {
        name: 'Payments',
        rank: 10,
        when: { services: ['card-payments'] },
        triggers: ['sla-breached', 'not-acknowledged'],
        steps: [
          { wait: { amount: 0, unit: 'elapsed-minutes' }, targets: [{ kind: 'schedule', id: 'payments' }] },
          { wait: { amount: 15, unit: 'elapsed-minutes' }, targets: [{ kind: 'manager', id: 'els-jacobs' }] },
        ],
        repeats: 1,
        repeatAfter: { amount: 30, unit: 'elapsed-minutes' },
        calendar: null,
      },
    },
  },
  'major-incident-policies': {
    fields: {
      name: NAME,
      ...RANKED,
      criticalities: 'The service is as critical as one of these. May be left out, as the signs below may.',
      childrenAtLeast: 'So many incidents are linked below it.',
      risks: `One of these was named when it was rated: ${some(RISKS)}.`,
      dataAtRisk: 'The service holds data of one of these classes.',
    },
    example: {
      id: 'payments',
      definition: {
        name: 'Payments are down',
        rank: 10,
        when: { priorities: ['P1'] },
        criticalities: ['critical'],
        childrenAtLeast: null,
        risks: null,
        dataAtRisk: null,
      },
    },
  },
  'closure-policies': {
    fields: {
      name: NAME,
      ...RANKED,
      closeAfterBusinessDays: `A resolved incident that nobody answers closes so many business days later, up to ${CLOSE_AFTER_DAYS.max}; 0: never.`,
      reopenWithin: `How long after its closure it may be reopened: an allowance. Left out, for ever. ${ALLOWANCE}`,
      calendar: CALENDAR,
    },
    example: {
      id: 'default',
      definition: {
        name: 'Five days to answer',
        rank: 9_000,
        when: {},
        closeAfterBusinessDays: 5,
        reopenWithin: { amount: 10, unit: 'business-days' },
        calendar: 'office-hours',
      },
    },
  },
  'notice-templates': {
    fields: {
      name: NAME,
      occasion: `When it is sent, and the id of the template: ${some(OCCASION_NAMES)}.`,
      defaultLanguage: 'One of the languages of `texts`: for those whose own it has not.',
      texts: `By BCP 47 tag, up to ${TEMPLATE_LIMITS.languages}: \`subject\`, \`text\` and, where there is one, \`html\`, in Handlebars.`,
    },
    example: {
      id: 'resolved',
      definition: {
        name: 'Resolved',
        occasion: 'resolved',
        defaultLanguage: 'en',
        texts: { en: { subject: 'Resolved: {{incidentId}}', text: '{{title}}' } },
      },
    },
  },
  'notice-preferences': {
    fields: {
      channels: `By which ways, all of them: ${some(NOTICE_CHANNELS)}. The first one is the one that replies go by. Left out, by mail.`,
      quietHours: 'When no update is to come, by their own wall clock: `days`, `from`, `to`. Left out, none.',
      digestAt: 'Times of the day at which the updates since the last one come together. Left out, each comes by itself.',
    },
    example: {
      id: 'els-jacobs',
      definition: { channels: ['email'], quietHours: [{ days: ['saturday', 'sunday'], from: '22:00', to: '07:00' }], digestAt: ['09:00'] },
    },
  },
};
