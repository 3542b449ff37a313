import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { incidentStream, SLA_KINDS, SLA_TARGETS, type IncidentEvent, type SlaKind, type SlaTarget } from '#domain/incident';
import { DEFINITION_ID_PATTERN, InvalidInput, type EventLog } from '#kernel';
import { incidentDetails, incidentsReported } from '#projections';
import {
  currentPhase,
  evolveClocks,
  parseServiceLevelPolicy,
  play,
  type Clock,
  type IncidentClocks,
  type ServiceLevelCircumstances,
  type ServiceLevelPolicy,
} from '#process-managers/service-levels';
import { circumstancesOf } from '#domain/definitions';
import { InstantField, NestedObjectField, PatternField } from '../http/fields.js';
import { withFieldsNamed } from '../http/renamed-faults.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { Views } from '../queries/views.js';

/** The most incidents that one simulation plays, and how many at a time. */
export const MOST_SIMULATED = 20_000;
const AT_A_TIME = 16;
const MOST_SHOWN = 100;

/** How far back it looks where nothing is said, in milliseconds: a quarter of a year. */
const QUARTER_MS = 92 * 24 * 3_600_000;

export class SimulateServiceLevelsDto {
  @PatternField(DEFINITION_ID_PATTERN, 'the id of a definition', {
    description: 'The policy whose place the draft takes; any other id adds one.',
    example: 'standard',
  })
  id!: string;

  @NestedObjectField({ description: 'The draft: a service level policy, whole.' })
  definition!: Record<string, unknown>;

  @InstantField({ optional: true, description: 'Incidents reported from then on; 92 days before `to`, when nothing is said.' })
  from?: string;

  @InstantField({ optional: true, description: 'and before then; now, when nothing is said.' })
  to?: string;
}

/** What became of clocks. */
export type Verdict = 'none' | 'met' | 'breached' | 'open';
export type Verdicts = Readonly<{ clocks: number; met: number; breached: number; open: number }>;
export type VerdictsOf = Readonly<{ kind: SlaKind; target: SlaTarget; recorded: Verdicts; simulated: Verdicts }>;
export type ChangedIncident = Readonly<{ incidentId: string; kind: SlaKind; target: SlaTarget; recorded: Verdict; simulated: Verdict }>;

export type Simulation = Readonly<{
  position: bigint;
  from: string;
  to: string;
  until: string;
  incidents: number;
  verdicts: readonly VerdictsOf[];
  changed: readonly ChangedIncident[];
  changedTotal: number;
}>;

/** What a draft policy would have done to the incidents of a period. */
export class SimulateServiceLevels extends Query<Simulation> {
  constructor(
    readonly body: SimulateServiceLevelsDto,
    /** ISO 8601, UTC. */
    readonly now: string,
  ) {
    super();
  }
}

const EVER = '0001-01-01T00:00:00.000Z';

const verdictOf = ({ breachedAt, isMet }: Clock): Exclude<Verdict, 'none'> => (breachedAt !== null ? 'breached' : isMet ? 'met' : 'open');

/** What became of a target: of its last clock that other terms did not take the place of. */
const verdictIn = ({ clocks }: IncidentClocks, kind: SlaKind, target: SlaTarget): Verdict => {
  const last = clocks.findLast((clock) => clock.kind === kind && clock.target === target && !clock.isStopped);
  return last ? verdictOf(last) : 'none';
};

/** What an incident's own history says became of its targets. */
type Recorded = Readonly<{ clocks: IncidentClocks; verdict: (kind: SlaKind, target: SlaTarget) => Verdict }>;

class Tally {
  readonly #counts = new Map<string, { clocks: number; met: number; breached: number; open: number }>();

  add(kind: SlaKind, target: SlaTarget, verdict: Verdict): void {
    const counts = this.of(kind, target);
    if (verdict === 'none') return;
    counts.clocks++;
    counts[verdict]++;
  }

  of(kind: SlaKind, target: SlaTarget) {
    const key = `${kind} ${target}`;
    const counts = this.#counts.get(key) ?? { clocks: 0, met: 0, breached: 0, open: 0 };
    this.#counts.set(key, counts);
    return counts;
  }
}

/** @throws InvalidInput whose faults name the fields as the request has them */
const draftIn = ({ definition }: SimulateServiceLevelsDto): ServiceLevelPolicy =>
  withFieldsNamed(
    (field) => `definition.${field}`,
    () => parseServiceLevelPolicy(definition),
  );

/** A history that came with its verdicts names no clocks: a resolution that was not breached was met. */
const recordedOf = async (log: EventLog, incidentId: string): Promise<Recorded | undefined> => {
  let clocks: IncidentClocks | undefined;
  const breached = new Set<string>();
  for await (const event of log.readStream<IncidentEvent>(incidentStream(incidentId))) {
    clocks = evolveClocks(clocks, event);
    if (event.type === 'SlaBreached' && event.data.clockId === undefined) breached.add(`${event.data.kind ?? 'sla'} ${event.data.target}`);
  }
  if (!clocks) return undefined;
  const known = clocks;
  const imported = (kind: SlaKind, target: SlaTarget): Verdict => {
    if (breached.has(`${kind} ${target}`)) return 'breached';
    const isJudged = known.isImported && kind === 'sla' && target === 'resolution';
    return !isJudged ? 'none' : currentPhase(known).kind === 'resolved' || currentPhase(known).kind === 'closed' ? 'met' : 'open';
  };
  return { clocks, verdict: (kind, target) => (known.isImported ? imported(kind, target) : verdictIn(known, kind, target)) };
};

@QueryHandler(SimulateServiceLevels)
export class SimulateServiceLevelsHandler implements IQueryHandler<SimulateServiceLevels> {
  constructor(
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
    private readonly views: Views,
  ) {}

  /**
   * Plays the history of each incident under the draft. Costs two reads of each history, and what `play` costs.
   * @throws InvalidInput SERVICE_LEVEL_POLICY_INVALID, REFERENCE_UNKNOWN, SIMULATION_PERIOD_INVALID, SIMULATION_TOO_LARGE
   */
  async execute({ body, now }: SimulateServiceLevels): Promise<Simulation> {
    const { log } = this.options;
    const draft = draftIn(body);
    const { to = now } = body;
    const from = body.from ?? new Date(Date.parse(to) - QUARTER_MS).toISOString();
    if (from >= to) {
      const faults = [{ field: 'from', message: 'is before `to`' }];
      throw new InvalidInput('SIMULATION_PERIOD_INVALID', 'The period would end before it begins', faults);
    }
    const circumstances = await this.#circumstances(body.id, draft, now);
    const { ids, position } = await this.#incidents(from, to);

    const [recorded, simulated] = [new Tally(), new Tally()];
    const changed: ChangedIncident[] = [];
    const untilMs = Date.parse(now);
    const queue = ids.values();
    const worker = async () => {
      for (const incidentId of queue) {
        const was = await recordedOf(log, incidentId);
        const would = await play(log.readStream<IncidentEvent>(incidentStream(incidentId)), circumstances, untilMs);
        if (!was || !would || currentPhase(was.clocks).kind === 'cancelled') continue;
        for (const kind of SLA_KINDS) {
          for (const target of SLA_TARGETS) {
            const verdicts = { recorded: was.verdict(kind, target), simulated: verdictIn(would, kind, target) };
            recorded.add(kind, target, verdicts.recorded);
            simulated.add(kind, target, verdicts.simulated);
            if (verdicts.recorded !== verdicts.simulated) changed.push({ incidentId, kind, target, ...verdicts });
          }
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));

    const verdicts = SLA_KINDS.flatMap((kind) =>
      SLA_TARGETS.map((target) => ({ kind, target, recorded: recorded.of(kind, target), simulated: simulated.of(kind, target) })),
    ).filter((one) => one.recorded.clocks + one.simulated.clocks > 0);
    const ordered = changed.sort((a, b) => (a.incidentId < b.incidentId ? -1 : 1));
    return {
      ...{ position, from, to, until: now, incidents: ids.length, verdicts },
      ...{ changed: ordered.slice(0, MOST_SHOWN), changedTotal: changed.length },
    };
  }

  /** The site as it is, with the draft in force as if it had always been. */
  async #circumstances(id: string, draft: ServiceLevelPolicy, now: string): Promise<ServiceLevelCircumstances> {
    const { site } = this.options;
    await site.refresh();
    if (draft.calendar !== null && !site.workingTime(draft.calendar)) {
      const message = `There is no ${draft.calendar} among the calendars: define it first`;
      throw new InvalidInput('REFERENCE_UNKNOWN', message, [{ field: 'definition.calendar', message }]);
    }
    const { serviceLevels } = circumstancesOf(site, Date.parse(now));
    const always = { versions: [{ version: 0, effectiveFrom: EVER, definition: draft }], retirements: [] };
    return { ...serviceLevels, policies: new Map([...serviceLevels.policies, [id, always]]) };
  }

  async #incidents(from: string, to: string): Promise<Readonly<{ ids: readonly string[]; position: bigint }>> {
    const spec = incidentsReported(from, to, MOST_SIMULATED + 1);
    const { value, position } = await this.views.read(incidentDetails as never, {}, (view) => view.list<{ _id: string }>(spec));
    if (value.length > MOST_SIMULATED) {
      const faults = [{ field: 'from', message: `Take a period with ${MOST_SIMULATED} incidents or fewer` }];
      throw new InvalidInput('SIMULATION_TOO_LARGE', `More than ${MOST_SIMULATED} incidents were reported then`, faults);
    }
    return { ids: value.map(({ _id }) => _id), position };
  }
}
