import { reopenableUntil } from '#process-managers/closure';
import { categorize, link, prioritize, REOPEN_CAUSES, reopen, report } from '#domain/incident';
import type { IncidentDetails } from '#projections';
import { circumstancesOf, type SiteDefinitions } from '#domain/definitions';
import { OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { inTurn, type Rule } from '../in-turn.js';
import { useCase, type Circumstances } from '../use-case.js';

export class ReopenIncidentDto extends OccurredDto {
  @OneOfField(REOPEN_CAUSES)
  cause!: (typeof REOPEN_CAUSES)[number];

  @TextField()
  reason!: string;
}

/** Until when an incident may be reopened, by the closure policy that held when it was closed; `null`: for ever. */
const windowOf = ({ closedAt, reporter, ...details }: IncidentDetails, site: SiteDefinitions): string | null => {
  if (closedAt === null) return null;
  const { service, category, subcategory, priority, channel, location } = details;
  const traits = { service, category, subcategory, priority, channel, location, major: false };
  return reopenableUntil({ reporter, traits, closedAt }, circumstancesOf(site, Date.parse(closedAt)).closure);
};

/** What is known of an incident, for the one that takes its place; what is `null` is left out. */
const known = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)));

/** A new incident that follows one which cannot be reopened any more: reported by the same person, about the same, and linked to it. */
const followUp =
  (old: IncidentDetails, reason: string) =>
  ({ incidentId, now, rules: { matrix, atRisk } }: Circumstances): Rule => {
    const { title, reporter, onBehalfOf, channel, service, configurationItems, location, contact } = old;
    const said = known({ onBehalfOf, service, configurationItems, location, contact });
    const { category, subcategory, symptom, impact, urgency, risks } = old;
    const isRated = impact !== null && urgency !== null && matrix.impacts.includes(impact) && matrix.urgencies.includes(urgency);
    return inTurn(
      (incident) => report({ incidentId, title, description: reason, reporter, channel: channel as 'api', now, ...said }, incident),
      ...(category === null
        ? []
        : ([(incident) => categorize({ incidentId, category, subcategory, symptom, by: 'rule' }, incident)] satisfies Rule[])),
      ...(isRated ? ([(incident) => prioritize({ incidentId, impact, urgency, risks, matrix, atRisk }, incident)] satisfies Rule[]) : []),
      (incident) => link({ incidentId, kind: 'follow-up-of', target: old.incidentId }, incident),
    );
  };

export const reopenIncident = useCase({
  name: 'ReopenIncident',
  resource: 'reopenings',
  summary: 'Reopen a resolved or closed incident',
  description:
    'How long a closed one may be reopened, the closure policy says. Later, a new incident is opened instead, about the same and linked to it: ' +
    '`incidentId` of the answer is another one then.',
  body: ReopenIncidentDto,
  example: { cause: 'recurred', reason: 'It fails again' },
  lookUp: async (_, incidentId, { details, site }) => {
    const old = await details(incidentId);
    return { old, until: old ? windowOf(old, site) : null };
  },
  decide:
    ({ cause, reason }, { incidentId, now }, { until }) =>
    (incident) =>
      reopen({ incidentId, cause, reason, reopenableUntil: until, now }, incident),
  instead: ({ code }, { reason }, { old }) => (code === 'REOPEN_WINDOW_OVER' && old ? followUp(old, reason) : undefined),
});
