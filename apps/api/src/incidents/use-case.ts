import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Type } from '@nestjs/common';
import type { Incident, IncidentEvent, PriorityMatrix } from '#incident';
import { derivedId, type Actor, type Recorded } from '#kernel';
import type { CommandRequest } from '../http/command-request.js';
import type { Asked } from '../commands/commands.js';
import { Incidents, type IncidentResult } from './incidents.js';

/** What a rule is given beside the body: who asks, when it happens, and ids that are the same when the command is resent. */
export type Circumstances = Readonly<{
  incidentId: string;
  actor: Actor;
  /** When it happens: ISO 8601, UTC. */
  now: string;
  newId: (what: string) => string;
  /** The priority matrix in force. */
  matrix: PriorityMatrix;
}>;

/** One thing that can be asked of an incident: the body it takes, where it is sent, and the rule that decides it. */
export type UseCaseDefinition<Body extends object, LookedUp> = Readonly<{
  /** The command's name, as the ledger writes it: `EscalateIncident`. */
  name: string;
  method?: 'POST' | 'DELETE';
  /** Below `/incidents/{incidentId}/`. */
  resource: string;
  summary: string;
  description?: string;
  body: Type<Body>;
  /** What the rule has to know that is not in the body: look-ups happen here, not in rules. */
  lookUp?: (body: Body, incidentId: string, read: (revision: bigint) => Promise<Recorded<IncidentEvent> | undefined>) => Promise<LookedUp>;
  decide: (body: Body, circumstances: Circumstances, lookedUp: LookedUp) => (incident: Incident) => readonly IncidentEvent[];
}>;

/** A command on its way to its handler: plain data in an envelope. */
export abstract class IncidentCommand extends Command<IncidentResult> {
  constructor(
    readonly incidentId: string,
    readonly body: object,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

export type UseCase = Readonly<{
  definition: UseCaseDefinition<never, never>;
  command: new (incidentId: string, body: object, request: CommandRequest) => IncidentCommand;
  handler: Type<ICommandHandler<IncidentCommand>>;
}>;

export const askedOf = (command: string, { context, idempotencyKey }: CommandRequest): Asked => ({
  command,
  context,
  ...(idempotencyKey !== undefined && { idempotencyKey }),
});

export const circumstancesOf = (incidentId: string, { context, now }: CommandRequest, matrix: PriorityMatrix): Circumstances => ({
  incidentId,
  matrix,
  actor: context.actor,
  now,
  newId: (what) => derivedId(what, context.commandId),
});

const named = <Class>(name: string, type: Class): Class => Object.defineProperty(type, 'name', { value: name });

/**
 * Makes of a definition what @nestjs/cqrs asks for, one command and one handler each. There are more than twenty of them, and they differ
 * in nothing but their body and their rule: those stand in a file each, the rest stands here.
 */
export const useCase = <Body extends object, LookedUp = undefined>(definition: UseCaseDefinition<Body, LookedUp>): UseCase => {
  const { name, decide, lookUp } = definition;
  const command = named(`${name}Command`, class extends IncidentCommand {});

  @CommandHandler(command)
  class Handler implements ICommandHandler<IncidentCommand> {
    constructor(private readonly incidents: Incidents) {}

    async execute({ incidentId, body, request }: IncidentCommand): Promise<IncidentResult> {
      const lookedUp = await lookUp?.(body as Body, incidentId, (revision) => this.incidents.eventAt(incidentId, revision));
      const rule = decide(body as Body, circumstancesOf(incidentId, request, this.incidents.matrix), lookedUp as LookedUp);
      return this.incidents.handle(incidentId, askedOf(name, request), rule);
    }
  }
  return { definition: definition as never, command, handler: named(`${name}Handler`, Handler) };
};
