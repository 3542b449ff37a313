import { randomUUID } from 'node:crypto';
import { handleCommand, inputHash, type Actor, type CommandResult, type Decided, type EventLog, type Recorded } from '#kernel';
import { incidentStream, type IncidentEvent } from '#domain/incident';
import { circumstancesOf, type SiteDefinitions } from '#domain/definitions';
import { judgeAll, judgedDecider, type Judged } from './judges.js';
import type { Time } from './time.js';
import type { Workloads } from './workloads.js';

/** Who has judged: what such an event says needs no other judgement. */
export const JUDGES: Actor = { kind: 'automation', id: 'judges', name: 'Automation' };

/** The event that an incident is reviewed for; `mustSee`: what people hold is to be looked at as it is from that position on. */
export type Cause = Readonly<{ eventId: string; correlationId: string; mustSee?: bigint }>;

export type ReviewParts = Readonly<{ log: EventLog; site: SiteDefinitions; workloads: Workloads; time: Time }>;

const agentsIn = (said: readonly Decided<IncidentEvent>[]): string[] =>
  said.flatMap((verdict) => {
    const { type, data } = 'event' in verdict ? verdict.event : verdict;
    return type === 'IncidentAssigned' && data.agent !== null ? [data.agent] : [];
  });

/** Asks the judges about incidents, and records what they say. */
export class Reviews {
  constructor(private readonly parts: ReviewParts) {}

  /**
   * Records all that is due of an incident now; nothing, where nothing is. Whoever reviews it at the same time, in whatever process, records
   * it once: what is due is decided from the incident's own stream, and written at the revision it was decided at.
   * Costs one read of the stream, and one append where there is anything to say. The site is as it was when it was refreshed last.
   * @param known its history as far as the caller has it, which is not read then: what it lacks will be a cause by itself
   * @throws Contended, Unavailable
   */
  async review(incidentId: string, cause?: Cause, known?: readonly Recorded<IncidentEvent>[]): Promise<CommandResult> {
    const { log, site, workloads, time } = this.parts;
    const commandId = randomUUID();
    const context = {
      commandId,
      commandHash: inputHash({ command: 'ReviewIncident', incidentId }),
      actor: JUDGES,
      correlationId: cause?.correlationId ?? commandId,
      ...(cause && { causationId: cause.eventId }),
    };
    const turn = workloads.turn(cause?.mustSee);
    try {
      let chosen: readonly string[] = [];
      const decide = async (judged: Judged) => {
        const nowMs = time.nowMs();
        const said = await judgeAll(judged, circumstancesOf(site, nowMs), nowMs, (team) => turn.workloadOf(team));
        chosen = agentsIn(said);
        return said;
      };
      const result = await handleCommand(log, judgedDecider, incidentStream(incidentId), context, decide, known);
      if (result.changed) for (const agent of chosen) turn.given(agent, result.position);
      return result;
    } finally {
      turn.end();
    }
  }
}
