import { integerFrom, matching, optional, orNull, passing, readerOf, textOf, type Check } from '#kernel';
import { TEMPLATE_LIMITS } from './template.js';
import { factTypesOf, type FactsOf, type FactType, type Occasion } from './occasions.js';

const INCIDENT = {
  incidentId: 'INC0000123',
  title: 'Card terminals decline every payment',
  priority: 'P2',
  service: 'card-payments',
  incidentLink: 'https://desk.example.org/incidents/INC0000123',
} as const;
const CLOCK = { ...INCIDENT, target: 'resolution', policy: 'gold@3', dueAt: '2026-01-05T16:30:00.000Z' } as const;

/** What a notice of each occasion could be made of: for whoever words one and wants to see it. All that can be known is known. */
export const EXAMPLE_FACTS: { readonly [Name in Occasion]: Required<FactsOf<Name>> } = {
  'assigned-to-you': { ...INCIDENT, team: 'network', reason: 'The least loaded of 3 members who are there' },
  'escalated-to-you': {
    ...INCIDENT,
    from: 'service-desk',
    reason: 'The terminals answer, the host does not',
    stepsTaken: 'Restarted two terminals; asked the bank.',
  },
  'major-incident-proposed': { ...INCIDENT, reason: 'Payments are down: P1, service card-payments; its service is critical' },
  'major-incident-declared': {
    ...INCIDENT,
    incidentManager: 'els-jacobs',
    communicationsLead: 'lena-peeters',
    reason: 'No store can take cards',
  },
  'stakeholder-update': {
    ...INCIDENT,
    update: 'The switch is being replaced. Cash is taken meanwhile.',
    nextUpdateDueAt: '2026-01-05T10:30:00.000Z',
  },
  'service-level-warned': { ...CLOCK, share: '75', left: 5_400_000 },
  'service-level-breached': CLOCK,
  resolved: {
    ...INCIDENT,
    notes: 'The switch was replaced.',
    resolvedAt: '2026-01-05T10:05:00.000Z',
    confirmLink: 'https://faultline.example.org/confirm/example',
    rejectLink: 'https://faultline.example.org/confirm/another-example',
    linksWorkUntil: '2026-01-12T10:05:00.000Z',
    closesAt: '2026-01-12T10:05:00.000Z',
  },
  closed: { ...INCIDENT, closedAt: '2026-01-12T10:05:00.000Z', reopenUntil: '2026-01-26T10:05:00.000Z' },
  reopened: { ...INCIDENT, reason: 'It still declines some cards' },
  'on-call-page': {
    ...INCIDENT,
    schedule: 'payments',
    reason: 'Step 1 of payments@2: Nobody has acknowledged it',
    acknowledgeBy: '2026-01-05T08:46:00.000Z',
  },
  digest: {
    count: '2',
    updates: 'INC0000123 is yours: Card terminals decline every payment\n\nINC0000124 is yours: No mail in Leuven',
  },
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
const LONGEST_DURATION_MS = 366 * 24 * 3_600_000;

const CHECKS: Readonly<Record<FactType, Check>> = {
  text: textOf(TEMPLATE_LIMITS.text),
  instant: passing(
    (value) => typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value)),
    'an instant in UTC, as 2026-01-31T08:00:00Z',
  ),
  duration: integerFrom(0, LONGEST_DURATION_MS),
  link: matching(/^https?:\/\/\S{1,2000}$/, 'a link, as https://desk.example.org'),
};

/**
 * The example's facts of an occasion, with others in their place where they are given. `null` is given, too: it is not known.
 * @throws InvalidInput FACTS_INVALID, with every fault
 */
export const exampleFacts = <Name extends Occasion>(occasion: Name, given: unknown = {}): FactsOf<Name> => {
  const types = Object.entries(factTypesOf(occasion));
  const fields = types.map(([name, type]) => {
    const check = CHECKS[type.replace('?', '') as FactType];
    return [name, optional(type.endsWith('?') ? orNull(check) : check)] as const;
  });
  const read = readerOf<Partial<FactsOf<Name>>>({
    code: 'FACTS_INVALID',
    noun: `set of facts of the occasion ${occasion}`,
    fields: Object.fromEntries(fields) as never,
  });
  return { ...EXAMPLE_FACTS[occasion], ...read(given) };
};
