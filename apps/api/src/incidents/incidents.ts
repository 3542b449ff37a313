import { Inject, Injectable } from '@nestjs/common';
import {
  acceptCommand,
  Contended,
  eventsOfCommand,
  handleCommand,
  IllegalTransition,
  NO_STREAM,
  numberSequence,
  recordNoEffect,
  WrongExpectedRevision,
  type CommandContext,
  type CommandResult,
  type EventLog,
  type NumberSequence,
  type Recorded,
} from '#kernel';
import {
  incidentDecider,
  incidentNumber,
  INCIDENT_NUMBERS,
  incidentStream,
  initialState,
  type Incident,
  type IncidentEvent,
  type PriorityMatrix,
} from '#incident';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/** How many numbers in a row may turn out to be taken by history from elsewhere before a report is given up. */
const MAX_TAKEN = 100;

/** What a command did to which incident. */
export type IncidentResult = CommandResult & Readonly<{ incidentId: string }>;

/** How a rule is asked: the command is bound already, the incident is given. */
export type Decide = (incident: Incident) => readonly IncidentEvent[];

export type Asked = Readonly<{ command: string; context: CommandContext; idempotencyKey?: string }>;

/** Runs the rules of incidents on the log: the only place where they meet. */
@Injectable()
export class Incidents {
  /** The priority matrix in force. */
  readonly matrix: PriorityMatrix;
  private readonly log: EventLog;
  private readonly numbers: NumberSequence;

  constructor(@Inject(API_OPTIONS) { log, settings }: ApiOptions) {
    this.matrix = settings.matrix;
    this.log = log;
    this.numbers = numberSequence(log, INCIDENT_NUMBERS);
  }

  /**
   * Asks a rule about one incident and writes what it decides.
   * @throws what `acceptCommand`, `handleCommand` and the rule throw
   */
  async handle(incidentId: string, asked: Asked, decide: Decide): Promise<IncidentResult> {
    const { command, context, idempotencyKey } = asked;
    if (idempotencyKey !== undefined) {
      const { answer } = await acceptCommand(this.log, context, command, incidentId);
      if (answer) return { ...answer, incidentId };
    }
    return this.decide(incidentId, asked, decide);
  }

  /**
   * Opens an incident under the next number. Without a key that costs one append, and a share of one more for the number; with a key it is
   * written down first which number the command took, so that it takes no other when it is resent.
   */
  async report(asked: Asked, decide: (incidentId: string) => Decide): Promise<IncidentResult> {
    const { command, context, idempotencyKey } = asked;
    if (idempotencyKey === undefined) return this.open(context, decide);

    const number = await this.numbers.next();
    const wanted = incidentNumber(number);
    try {
      const { target } = await acceptCommand(this.log, context, command, wanted);
      if (target !== wanted) this.numbers.release(number);
      return await this.decide(target, asked, decide(target));
    } catch (error) {
      if (!(error instanceof IllegalTransition)) this.numbers.release(number);
      throw error;
    }
  }

  /** One event of an incident's history, by its revision. */
  async eventAt(incidentId: string, revision: bigint): Promise<Recorded<IncidentEvent> | undefined> {
    for await (const event of this.log.readStream<IncidentEvent>(incidentStream(incidentId), { from: revision, through: revision }))
      return event;
    return undefined;
  }

  /** A rule that looks refuses before a number is taken; a number that history from elsewhere has taken is passed over. */
  private async open(context: CommandContext, decide: (incidentId: string) => Decide): Promise<IncidentResult> {
    decide(incidentNumber(0))(initialState);
    for (let taken = 0; taken < MAX_TAKEN; taken++) {
      const number = await this.numbers.next();
      const incidentId = incidentNumber(number);
      const streamName = incidentStream(incidentId);
      try {
        const events = eventsOfCommand(streamName, context, decide(incidentId)(initialState));
        const appended = await this.log.append(streamName, NO_STREAM, events);
        return { ...appended, incidentId, changed: true, repeated: false };
      } catch (error) {
        if (error instanceof WrongExpectedRevision) continue;
        this.numbers.release(number);
        throw error;
      }
    }
    throw new Contended('the numbers of incidents');
  }

  private async decide(incidentId: string, { context, idempotencyKey }: Asked, decide: Decide): Promise<IncidentResult> {
    const result = await handleCommand(this.log, incidentDecider, incidentStream(incidentId), context, decide);
    if (!result.changed && idempotencyKey !== undefined) await recordNoEffect(this.log, context, result);
    return { ...result, incidentId };
  }
}
