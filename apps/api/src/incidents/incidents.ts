import { Injectable } from '@nestjs/common';
import {
  acceptCommand,
  Contended,
  eventsOfCommand,
  NO_STREAM,
  numberSequence,
  WrongExpectedRevision,
  type CommandContext,
  type CommandResult,
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
} from '#domain/incident';
import { replay, type IncidentDetails } from '#projections';
import { Commands, type Asked, type Target } from '../commands/commands.js';

/** How many numbers in a row may turn out to be taken by history from elsewhere before a report is given up. */
const MAX_TAKEN = 100;

/** What a command did to which incident. */
export type IncidentResult = CommandResult & Readonly<{ incidentId: string }>;

/** How a rule is asked: the command is bound already, the incident is given. */
export type Decide = (incident: Incident) => readonly IncidentEvent[];

const targetOf = (incidentId: string): Target<Incident, IncidentEvent> => ({
  decider: incidentDecider,
  streamName: incidentStream(incidentId),
  id: incidentId,
});

/** What a rule refuses whatever the number, it refuses before one is taken. */
const refuseBeforehand = (decide: (incidentId: string) => Decide): void => void decide(incidentNumber(0))(initialState);

/** Runs the rules of incidents, and hands out their numbers. */
@Injectable()
export class Incidents {
  private readonly numbers: NumberSequence;

  constructor(private readonly commands: Commands) {
    this.numbers = numberSequence(commands.log, INCIDENT_NUMBERS);
  }

  /**
   * Asks a rule about one incident and writes what it decides.
   * @throws what `Commands.handle` throws
   */
  async handle(incidentId: string, asked: Asked, decide: Decide): Promise<IncidentResult> {
    return { ...(await this.commands.handle(targetOf(incidentId), asked, decide)), incidentId };
  }

  /**
   * Opens an incident under the next number. Without a key that costs one append, and a share of one more for the number; with a key it is
   * written down first which number the command took, so that it takes no other when it is resent.
   */
  async report(asked: Asked, decide: (incidentId: string) => Decide): Promise<IncidentResult> {
    const { context, idempotencyKey } = asked;
    if (idempotencyKey === undefined) return this.open(context, decide);

    refuseBeforehand(decide);
    const number = await this.numbers.next();
    const wanted = incidentNumber(number);
    const target = await this.accepted(asked, wanted).catch((error: unknown) => {
      this.numbers.release(number);
      throw error;
    });
    // the command took another number the first time; once it has one, that is kept for it, whatever becomes of this attempt
    if (target !== wanted) this.numbers.release(number);
    return { ...(await this.commands.decide(targetOf(target), asked, decide(target))), incidentId: target };
  }

  private async accepted({ command, context }: Asked, wanted: string): Promise<string> {
    return (await acceptCommand(this.commands.log, context, command, wanted)).target;
  }

  /** The incident as it stands in the log; `undefined` where it was never reported. Costs one read of its history. */
  async details(incidentId: string): Promise<IncidentDetails | undefined> {
    return (await replay(this.commands.log.readStream<IncidentEvent>(incidentStream(incidentId))))?.incident;
  }

  /** One event of an incident's history, by its revision. */
  async eventAt(incidentId: string, revision: bigint): Promise<Recorded<IncidentEvent> | undefined> {
    for await (const event of this.commands.log.readStream<IncidentEvent>(incidentStream(incidentId), {
      from: revision,
      through: revision,
    }))
      return event;
    return undefined;
  }

  /** A number that history from elsewhere has taken is passed over. */
  private async open(context: CommandContext, decide: (incidentId: string) => Decide): Promise<IncidentResult> {
    refuseBeforehand(decide);
    for (let taken = 0; taken < MAX_TAKEN; taken++) {
      const number = await this.numbers.next();
      const incidentId = incidentNumber(number);
      const streamName = incidentStream(incidentId);
      try {
        const events = eventsOfCommand(streamName, context, decide(incidentId)(initialState));
        const appended = await this.commands.log.append(streamName, NO_STREAM, events);
        return { ...appended, incidentId, changed: true, repeated: false };
      } catch (error) {
        if (error instanceof WrongExpectedRevision) continue;
        this.numbers.release(number);
        throw error;
      }
    }
    throw new Contended('the numbers of incidents');
  }
}
