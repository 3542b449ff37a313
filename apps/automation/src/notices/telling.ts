import { reopenableUntil } from '#process-managers/closure';
import type { Audience, IncidentEventType } from '#domain/incident';
import { CONFIRMATION_PLACEHOLDERS, type FactsOf, type Occasion } from '#domain/notifications';
import { onCallAt } from '#domain/on-call';
import { personAt } from '#domain/people';
import type { IncidentDetails } from '#projections';
import { circumstancesOf, ON_CALL_SCHEDULES, PEOPLE, SERVICES, TEAMS, type SiteDefinitions } from '#domain/definitions';
import type { Moment } from '../reactions/moments.js';

/** Somebody to be told, and why they are: a sentence. */
export type Addressee = Readonly<{ person: string; why: string }>;

/** Something to tell: on which occasion, the facts of it, and to whom. */
export type Telling = {
  [Name in Occasion]: Readonly<{
    occasion: Name;
    facts: FactsOf<Name>;
    to: readonly Addressee[];
    /** It asks the reporter about this resolution, until then (ISO 8601, UTC). */
    confirmation?: Readonly<{ resolutionRevision: number; expiresAt: string }>;
  }>;
}[Occasion];

/** What telling looks up. */
export type TellingParts = Readonly<{
  site: SiteDefinitions;
  /** ISO 8601, UTC. */
  now: string;
  /** Where a person sees an incident; absent where the site is not told how it is reached. */
  incidentLink?: (incidentId: string) => string;
  /** Whether links by which a reporter answers can be made; and how long they work where the incident does not close by itself, in milliseconds. */
  confirmationMs: number | null;
}>;

const addressees = (why: string, ...people: readonly (string | null | undefined)[]): Addressee[] =>
  [...new Set(people)].flatMap((person) => (person ? [{ person, why }] : []));

class Desk {
  constructor(
    private readonly parts: TellingParts,
    readonly incident: IncidentDetails,
  ) {}

  get facts() {
    const { incidentId, title, priority, service } = this.incident;
    const { incidentLink } = this.parts;
    return { incidentId, title, priority, service, ...(incidentLink && { incidentLink: incidentLink(incidentId) }) };
  }

  #team(id: string | null | undefined) {
    return this.parts.site.inForce(TEAMS, id, this.parts.now)?.definition;
  }

  get team() {
    return this.#team(this.incident.team);
  }

  /** Who answers for the incident: its agent, else the lead of its team. */
  get owner(): string | null {
    return this.incident.agent ?? this.team?.lead ?? null;
  }

  get reporters(): readonly (string | null)[] {
    return [this.incident.reporter, this.incident.onBehalfOf];
  }

  /** The leads of the teams that own its service and support it. */
  get serviceLeads(): (string | undefined)[] {
    const known = this.parts.site.inForce(SERVICES, this.incident.service, this.parts.now)?.definition;
    return [known?.ownerTeam, known?.supportTeam].map((id) => this.#team(id)?.lead);
  }

  /** Who of a team is on call now; without a schedule, or in a gap of it, its lead. */
  onCallOf(id: string): string | null {
    const team = this.#team(id);
    const { onCallSchedule, lead } = team ?? {};
    const timeline = onCallSchedule === undefined ? undefined : this.parts.site.one(ON_CALL_SCHEDULES, onCallSchedule);
    return (timeline && onCallAt(timeline, Date.parse(this.parts.now))?.person) ?? lead ?? null;
  }

  managerOf(person: string | null | undefined): string | null {
    return this.parts.site.inForce(PEOPLE, person, this.parts.now)?.definition.manager ?? null;
  }

  withRole(role: 'incident-manager'): string[] {
    return [...this.parts.site.of(PEOPLE)].filter(([, dated]) => personAt(dated, this.parts.now)?.roles.includes(role)).map(([id]) => id);
  }

  /** Until when it may be reopened, closed at an instant; `null`: for ever. */
  reopenUntil(closedAt: string): string | null {
    const { reporter, service, category, subcategory, priority, channel, location } = this.incident;
    const traits = { service, category, subcategory, priority, channel, location, major: false };
    return reopenableUntil({ reporter, traits, closedAt }, circumstancesOf(this.parts.site, Date.parse(closedAt)).closure);
  }

  /** Whom an audience is, as far as the site knows. The public is told by other means. */
  audience(audience: Audience): readonly (string | null | undefined)[] {
    switch (audience) {
      case 'reporter':
      case 'affected-users':
        return this.reporters;
      case 'support':
        return [this.incident.agent, ...(this.team?.members ?? [])];
      case 'management':
        return [...this.serviceLeads, this.managerOf(this.team?.lead), this.incident.major?.incidentManager];
      case 'public':
        return [];
      default:
        return audience satisfies never;
    }
  }
}

/** The events that somebody may be told of. */
export const TOLD_OF: readonly IncidentEventType[] = [
  'IncidentAssigned',
  'IncidentEscalated',
  'EscalationStepTaken',
  'MajorIncidentProposed',
  'MajorIncidentDeclared',
  'StakeholderUpdatePosted',
  'SlaWarned',
  'SlaBreached',
  'IncidentResolved',
  'IncidentClosed',
  'IncidentReopened',
];

/** Whom to tell of an event, and what. Pure: the site is as it is at that instant. */
export const tellingOf = ({ event, before, after, latest }: Moment, parts: TellingParts): readonly Telling[] => {
  const desk = new Desk(parts, after);
  const { facts } = desk;

  switch (event.type) {
    case 'IncidentAssigned': {
      const { agent, team, reason } = event.data;
      if (agent === null || agent === before?.agent) return [];
      const to = addressees('It was assigned to them', agent);
      return [{ occasion: 'assigned-to-you', facts: { ...facts, team, reason: reason ?? null }, to }];
    }
    case 'IncidentEscalated': {
      const { kind, from, to, reason, stepsTaken = null } = event.data;
      const whom =
        kind === 'hierarchical'
          ? addressees('It was escalated to them', to)
          : addressees(`It was escalated to ${to}, for whom they answer now`, desk.onCallOf(to));
      return [{ occasion: 'escalated-to-you', facts: { ...facts, from, reason, stepsTaken }, to: whom }];
    }
    case 'EscalationStepTaken': {
      const { step, policyVersion, targets, nextStepAt } = event.data;
      const reason = `Step ${step} of ${policyVersion}${latest.escalation ? `: ${latest.escalation.because}` : ''}`;
      return targets.flatMap(({ kind, id, person }): Telling[] => {
        if (person === null) return [];
        // teams and managers are told of the escalation that goes with the step
        if (kind === 'schedule') {
          const to = addressees(`They are on call by ${id}`, person);
          return [{ occasion: 'on-call-page', facts: { ...facts, schedule: id, reason, acknowledgeBy: nextStepAt }, to }];
        }
        return kind === 'person'
          ? [{ occasion: 'escalated-to-you', facts: { ...facts, from: null, reason }, to: addressees(`${reason} turns to them`, person) }]
          : [];
      });
    }
    case 'MajorIncidentProposed': {
      const to = addressees('Incident managers decide about major incidents', ...desk.withRole('incident-manager'));
      return [{ occasion: 'major-incident-proposed', facts: { ...facts, reason: event.data.because }, to }];
    }
    case 'MajorIncidentDeclared': {
      const { incidentManager, communicationsLead = null, reason } = event.data;
      const to = [
        ...addressees('They have a part in the major incident', incidentManager, communicationsLead),
        ...addressees('They work on it, or answer for its team or its service', desk.owner, desk.team?.lead, ...desk.serviceLeads),
      ];
      return [{ occasion: 'major-incident-declared', facts: { ...facts, incidentManager, communicationsLead, reason }, to }];
    }
    case 'StakeholderUpdatePosted': {
      const { audience, text, nextUpdateDueAt = null } = event.data;
      const to = addressees(`The update is for ${audience.replace('-', ' ')}`, ...desk.audience(audience));
      return [{ occasion: 'stakeholder-update', facts: { ...facts, update: text, nextUpdateDueAt }, to }];
    }
    case 'SlaWarned': {
      const { target, policyVersion, dueAt, share } = event.data;
      if (dueAt === null || share === undefined) return [];
      const left = Math.max(0, Date.parse(dueAt) - Date.parse(event.occurredAt));
      const to = addressees('They work on it, or answer for its team', desk.owner);
      return [
        { occasion: 'service-level-warned', facts: { ...facts, target, policy: policyVersion, dueAt, share: String(share), left }, to },
      ];
    }
    case 'SlaBreached': {
      const { target, policyVersion, dueAt } = event.data;
      const to = addressees('They work on it, or answer for its team', desk.owner, desk.team?.lead);
      return [
        { occasion: 'service-level-breached', facts: { ...facts, target, policy: policyVersion, dueAt: dueAt ?? event.occurredAt }, to },
      ];
    }
    case 'IncidentResolved': {
      const { confirmationMs, now } = parts;
      const to = addressees('Reporters are asked whether it works again', ...desk.reporters);
      const told = { ...facts, notes: event.data.notes, resolvedAt: event.occurredAt, closesAt: latest.closesAt };
      // it may have been answered, closed or reopened since
      const { resolution } = latest;
      const isOpenQuestion = latest.status === 'resolved' && resolution?.revision === Number(event.revision) && !resolution.confirmed;
      if (confirmationMs === null || !isOpenQuestion) return [{ occasion: 'resolved', facts: told, to }];
      const expiresAt = latest.closesAt ?? new Date(Date.parse(now) + confirmationMs).toISOString();
      const confirmation = { resolutionRevision: Number(event.revision), expiresAt };
      return [{ occasion: 'resolved', facts: { ...told, ...CONFIRMATION_PLACEHOLDERS, linksWorkUntil: expiresAt }, to, confirmation }];
    }
    case 'IncidentClosed': {
      const closedAt = event.occurredAt;
      const to = addressees('They reported it', ...desk.reporters);
      return [{ occasion: 'closed', facts: { ...facts, closedAt, reopenUntil: desk.reopenUntil(closedAt) }, to }];
    }
    case 'IncidentReopened': {
      const to = addressees('They work on it, or answer for its team', desk.owner);
      return [{ occasion: 'reopened', facts: { ...facts, reason: event.data.reason }, to }];
    }
    default:
      return [];
  }
};
