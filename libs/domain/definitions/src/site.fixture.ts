import type { DefinitionKind, ReadingTools, Reference } from './kinds.js';

/** What reading takes beside the definitions: here, whatever is written in a template is right. */
export const TOOLS: ReadingTools = { templates: { faultsOf: () => [], render: (source) => source } };

const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];
const minutes = (amount: number) => ({ amount, unit: 'elapsed-minutes' });

/** A definition of a kind as somebody would send it, with everything that it can refer to; and what it refers to. */
type Sample = Readonly<{ id: string; definition: Readonly<Record<string, unknown>>; references: readonly Reference[] }>;

const toPerson = (field: string, id: string): Reference => ({ field, path: 'people', id });
const toTeam = (field: string, id: string): Reference => ({ field, path: 'teams', id });
const toSchedule = (field: string, id: string): Reference => ({ field, path: 'on-call-schedules', id });
const toCalendar = (field: string, id: string): Reference => ({ field, path: 'calendars', id });

/** A whole site: one of each kind, by its path. Whatever is referred to is here. */
export const SITE: Readonly<Record<string, Sample>> = {
  taxonomies: { id: 'site', definition: { categories: [{ name: 'Network' }, { name: 'Other' }], other: 'Other' }, references: [] },
  'priority-policies': {
    id: 'site',
    definition: {
      matrix: {
        ...{ impacts: ['high', 'low'], urgencies: ['high', 'low'], priorities: ['P1', 'P2'] },
        cells: { high: { high: 'P1', low: 'P1' }, low: { high: 'P1', low: 'P2' } },
      },
    },
    references: [],
  },
  services: {
    id: 'mail',
    definition: { name: 'Mail', ownerTeam: 'desk', supportTeam: 'desk', criticality: 'high', dataClassification: 'personal' },
    references: [toTeam('ownerTeam', 'desk'), toTeam('supportTeam', 'desk')],
  },
  calendars: {
    id: 'office',
    definition: { name: 'Office hours', timeZone: 'Europe/Brussels', week: { monday: NINE_TO_FIVE } },
    references: [],
  },
  'service-level-policies': {
    id: 'gold',
    definition: { name: 'Gold', kind: 'sla', rank: 1, calendar: 'office', entries: [{ targets: { response: minutes(15) } }] },
    references: [toCalendar('calendar', 'office')],
  },
  people: {
    id: 'ada',
    definition: { name: 'Ada Lovelace', email: 'ada@example.org', language: 'en', timeZone: 'UTC', manager: 'ada' },
    references: [toPerson('manager', 'ada')],
  },
  teams: {
    id: 'desk',
    definition: {
      ...{ name: 'Service desk', tier: 1, assignment: 'pull', members: ['ada'] },
      ...{ lead: 'ada', nextTier: 'desk', onCallSchedule: 'nights', calendar: 'office' },
    },
    references: [
      ...[toPerson('members[0]', 'ada'), toPerson('lead', 'ada'), toTeam('nextTier', 'desk')],
      ...[toSchedule('onCallSchedule', 'nights'), toCalendar('calendar', 'office')],
    ],
  },
  'assignment-rules': { id: 'site', definition: { rules: [{ when: {}, team: 'desk' }] }, references: [toTeam('rules[0].team', 'desk')] },
  'on-call-schedules': {
    id: 'nights',
    definition: {
      name: 'Nights',
      timeZone: 'Europe/Brussels',
      layers: [
        {
          ...{ name: 'Weeks', participants: ['ada'], rotation: { unit: 'weeks', count: 1 } },
          ...{ handOver: { time: '09:00', weekday: 'monday' }, start: '2026-01-05T09:00' },
        },
      ],
    },
    references: [toPerson('layers[0].participants[0]', 'ada')],
  },
  'escalation-policies': {
    id: 'nobody-answers',
    definition: {
      ...{ name: 'Nobody answers', rank: 1, triggers: ['not-acknowledged'], calendar: 'office' },
      steps: [
        { wait: minutes(5), targets: [{ kind: 'schedule', id: 'nights' }] },
        { wait: minutes(5), targets: ['person', 'manager', 'team'].map((kind) => ({ kind, id: kind === 'team' ? 'desk' : 'ada' })) },
      ],
    },
    references: [
      ...[toCalendar('calendar', 'office'), toSchedule('steps[0].targets[0].id', 'nights'), toPerson('steps[1].targets[0].id', 'ada')],
      ...[toPerson('steps[1].targets[1].id', 'ada'), toTeam('steps[1].targets[2].id', 'desk')],
    ],
  },
  'major-incident-policies': { id: 'critical', definition: { name: 'Critical', rank: 1, childrenAtLeast: 3 }, references: [] },
  'closure-policies': {
    id: 'standard',
    definition: { name: 'Standard', rank: 1, closeAfterBusinessDays: 3, calendar: 'office' },
    references: [toCalendar('calendar', 'office')],
  },
  'notice-templates': {
    id: 'closed',
    definition: { name: 'Closed', occasion: 'closed', defaultLanguage: 'en', texts: { en: { subject: 'Closed', text: 'It is.' } } },
    references: [],
  },
  'notice-preferences': { id: 'ada', definition: { channels: ['email'] }, references: [] },
};

export const sampleOf = ({ path }: Pick<DefinitionKind, 'path'>): Sample => SITE[path] as Sample;

/** A version of a sample as it is kept; `more` changes what it says. */
export const readSample = (kind: DefinitionKind, more: object = {}): unknown =>
  kind.parse({ ...sampleOf(kind).definition, ...more }, TOOLS);
