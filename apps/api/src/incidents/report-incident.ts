import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assign, categorize, CHANNELS, prioritize, report, RISKS, type Channel, type Incident, type Risk } from '#domain/incident';
import type { CommandRequest } from '../http/command-request.js';
import { InstantField, ManyOfField, NameField, NamesField, OccurredDto, OneOfField, TextField, TitleField } from '../http/fields.js';
import { inTurn, type Rule } from './in-turn.js';
import { Incidents, type IncidentResult } from './incidents.js';
import { SiteRules } from './site-rules.js';
import { askedOf, circumstancesOf, type Circumstances } from './use-case.js';

export class ReportIncidentDto extends OccurredDto {
  @TitleField({ example: 'Nobody in Leuven can print' })
  title!: string;

  @TextField({ optional: true })
  description?: string;

  @NameField({ optional: true, description: 'Who reports it; the caller, where nothing is said.' })
  reporter?: string;

  @NameField({ optional: true })
  onBehalfOf?: string;

  @OneOfField(CHANNELS, { optional: true, description: 'By which way it came in; `api` when nothing is said.' })
  channel?: Channel;

  @NameField({ optional: true, description: 'The service that is affected.' })
  service?: string;

  @NamesField({ optional: true })
  configurationItems?: string[];

  @NameField({ optional: true })
  location?: string;

  @NameField({ optional: true })
  contact?: string;

  @InstantField({ optional: true, description: 'When it was noticed.' })
  detectedAt?: string;

  @NameField({ optional: true, description: 'What another system calls it.' })
  externalReference?: string;

  @NameField({ optional: true, description: 'What tells two reports of the same disturbance from two disturbances.' })
  deduplicationKey?: string;

  @NameField({ optional: true, description: 'Sorts it at once.' })
  category?: string;

  @NameField({ optional: true })
  subcategory?: string;

  @NameField({ optional: true, description: 'Rates it at once, with `urgency`.', example: 'high' })
  impact?: string;

  @NameField({ optional: true, example: 'medium' })
  urgency?: string;

  @ManyOfField(RISKS, { optional: true })
  risks?: Risk[];

  @NameField({ optional: true, description: 'Gives it to a team at once.' })
  team?: string;

  @NameField({ optional: true })
  agent?: string;
}

/** A report as one would send it. */
export const REPORT_EXAMPLE: ReportIncidentDto = {
  title: 'Card terminals decline every payment',
  description: 'All six terminals answer "host unreachable" since opening.',
  reporter: 'lena.peeters',
  channel: 'phone',
  service: 'card-payments',
  location: 'Leuven',
  impact: 'medium',
  urgency: 'high',
  team: 'service-desk',
};

export class ReportIncidentCommand extends Command<IncidentResult> {
  constructor(
    readonly body: ReportIncidentDto,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

/** Reported; and sorted, rated and assigned in the same breath where the report says so: one append, several facts. */
const reporting = (body: ReportIncidentDto, { incidentId, actor, now, rules }: Circumstances): Rule => {
  const { matrix, atRisk } = rules;
  const rating = { matrix, atRisk };
  const { occurredAt: _, category, subcategory, impact, urgency, risks, team, agent, reporter = actor.id, channel = 'api', ...said } = body;
  return inTurn(
    (incident) => report({ incidentId, now, reporter, channel, ...said }, incident),
    ...(category !== undefined || subcategory !== undefined
      ? [
          (incident: Incident) => {
            const sorted = { category: category ?? null, subcategory: subcategory ?? null };
            const taxonomyVersion = rules.checkCategory(sorted.category, sorted.subcategory);
            const version = taxonomyVersion === undefined ? {} : { taxonomyVersion };
            return categorize({ incidentId, ...sorted, by: 'person', ...version }, incident);
          },
        ]
      : []),
    ...(impact !== undefined || urgency !== undefined || risks !== undefined
      ? [
          (incident: Incident) =>
            prioritize({ incidentId, impact: impact ?? '', urgency: urgency ?? '', risks: risks ?? [], ...rating }, incident),
        ]
      : []),
    ...(team !== undefined || agent !== undefined
      ? [(incident: Incident) => assign({ incidentId, team: team ?? null, agent: agent ?? null, why: 'person' }, incident)]
      : []),
  );
};

@CommandHandler(ReportIncidentCommand)
export class ReportIncidentHandler implements ICommandHandler<ReportIncidentCommand> {
  constructor(
    private readonly incidents: Incidents,
    private readonly site: SiteRules,
  ) {}

  async execute({ body, request }: ReportIncidentCommand): Promise<IncidentResult> {
    const rules = await this.site.at(request.now);
    return this.incidents.report(askedOf('ReportIncident', request), (incidentId) =>
      reporting(body, circumstancesOf(incidentId, request, rules)),
    );
  }
}
