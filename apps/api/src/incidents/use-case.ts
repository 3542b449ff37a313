import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Type } from '@nestjs/common';
import type { Incident, IncidentEvent } from '#domain/incident';
import { derivedId, Refusal, type Actor, type CommandContext } from '#kernel';
import type { SiteDefinitions } from '#domain/definitions';
import type { CommandRequest } from '../http/command-request.js';
import type { Asked } from '../commands/commands.js';
import { Incidents, type IncidentResult } from './incidents.js';
import { SiteRules, type RulesInForce } from './site-rules.js';

/** What a rule is given beside the body: who asks, when it happens, and ids that are the same when the command is resent. */
export type Circumstances = Readonly<{
  incidentId: string;
  actor: Actor;
  /** When it happens: ISO 8601, UTC. */
  now: string;
  newId: (what: string) => string;
  /** What the site has decided, as it holds then. */
  rules: RulesInForce;
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
  /** A body as one would send it. */
  example: Body;
  /** What the rule has to know that is not in the body: look-ups happen here, not in rules. */
  lookUp?: (body: Body, incidentId: string, tools: LookUpTools) => Promise<LookedUp>;
  decide: (body: Body, circumstances: Circumstances, lookedUp: LookedUp) => (incident: Incident) => readonly IncidentEvent[];
  /** What is done instead where the rule refuses; `undefined`: nothing, and whoever asked is told the refusal. */
  instead?: (refusal: Refusal, body: Body, lookedUp: LookedUp, rules: RulesInForce) => NewIncident | undefined;
}>;

/** Where look-ups look: the incident's own history, and what the site defines. */
export type LookUpTools = Pick<Incidents, 'eventAt' | 'details'> & Readonly<{ site: SiteDefinitions }>;

/** An incident that is opened: what is decided of it under the number that it gets. */
export type NewIncident = (circumstances: Circumstances) => (incident: Incident) => readonly IncidentEvent[];

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

export const circumstancesOf = (incidentId: string, { context, now }: CommandRequest, rules: RulesInForce): Circumstances => ({
  incidentId,
  rules,
  actor: context.actor,
  now,
  newId: (what) => derivedId(what, context.commandId),
});

/** A new incident is at no revision that anybody could have pinned. */
const withoutPin = ({ expectedRevision: _, ...context }: CommandContext): CommandContext => context;

const named = <Class>(name: string, type: Class): Class => Object.defineProperty(type, 'name', { value: name });

/**
 * Makes of a definition what @nestjs/cqrs asks for, one command and one handler each. There are more than twenty of them, and they differ
 * in nothing but their body and their rule: those stand in a file each, the rest stands here.
 */
export const useCase = <Body extends object, LookedUp = undefined>(definition: UseCaseDefinition<Body, LookedUp>): UseCase => {
  const { name, decide, lookUp, instead } = definition;
  const command = named(`${name}Command`, class extends IncidentCommand {});

  @CommandHandler(command)
  class Handler implements ICommandHandler<IncidentCommand> {
    constructor(
      private readonly incidents: Incidents,
      private readonly site: SiteRules,
    ) {}

    async execute({ incidentId, body, request }: IncidentCommand): Promise<IncidentResult> {
      const rules = await this.site.at(request.now);
      const tools: LookUpTools = {
        eventAt: (id, revision) => this.incidents.eventAt(id, revision),
        details: (id) => this.incidents.details(id),
        site: this.site.definitions,
      };
      const lookedUp = (await lookUp?.(body as Body, incidentId, tools)) as LookedUp;
      const rule = decide(body as Body, circumstancesOf(incidentId, request, rules), lookedUp);
      try {
        return await this.incidents.handle(incidentId, askedOf(name, request), rule);
      } catch (error) {
        const open = error instanceof Refusal ? instead?.(error, body as Body, lookedUp, rules) : undefined;
        if (!open) throw error;
        const commandId = derivedId(`${name} instead`, request.context.commandId);
        const asked = askedOf(name, { ...request, context: { ...withoutPin(request.context), commandId } });
        return this.incidents.report(asked, (id) => open(circumstancesOf(id, request, rules)));
      }
    }
  }
  return { definition: definition as never, command, handler: named(`${name}Handler`, Handler) };
};
