import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { fold, InvalidInput, versionAt, type CommandResult, type EffectiveDated, type Event, type FieldFault } from '#kernel';
import { kindOf, type DefinitionKind, type ReadingTools, type Reference } from '#site-definitions';
import { Commands, type Target } from '../commands/commands.js';
import { InstantField, NestedObjectField, TextField } from '../http/fields.js';
import type { CommandRequest } from '../http/command-request.js';
import { askedOf } from '../incidents/use-case.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';

export class DefineDto {
  @NestedObjectField({ description: 'What is to hold, whole; its kind says what it takes.' })
  definition!: Record<string, unknown>;

  @InstantField({
    optional: true,
    description: 'From when on it holds; from now on, where nothing is said. Only the first version may reach back.',
  })
  effectiveFrom?: string;

  @TextField({ optional: true, description: 'Why it was changed.' })
  reason?: string;
}

export class RetireDto {
  @TextField({ description: 'Why it goes out of use.' })
  reason!: string;

  @InstantField({ optional: true, description: 'From when on; from now on, where nothing is said.' })
  effectiveFrom?: string;
}

/** A site says what holds from an instant on. */
export class DefineCommand extends Command<CommandResult> {
  constructor(
    readonly path: string,
    readonly id: string,
    readonly body: DefineDto,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

/** A site takes something out of use. */
export class RetireCommand extends Command<CommandResult> {
  constructor(
    readonly path: string,
    readonly id: string,
    readonly body: RetireDto,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

/** The kind that one of the resources of this API is of. */
export const kindAt = (path: string): DefinitionKind => kindOf(path) as DefinitionKind;

const targetOf = ({ decider, streamPrefix }: DefinitionKind, id: string): Target<EffectiveDated<unknown>, Event> => ({
  decider,
  streamName: `${streamPrefix}${id}`,
  id: `${streamPrefix}${id}`,
});

const within = ({ field, message }: FieldFault): FieldFault => ({ field: `definition.${field}`, message });

/** What a request says a definition is. @throws InvalidInput whose faults name the fields as the request has them */
const parsed = (kind: DefinitionKind, definition: unknown, tools: ReadingTools): unknown => {
  try {
    return kind.parse(definition, tools);
  } catch (error) {
    if (error instanceof InvalidInput) throw new InvalidInput(error.code, error.message, error.faults.map(within));
    throw error;
  }
};

/** @throws InvalidInput DEFINITION_ID_INVALID where it says itself that it goes by another id */
const assertOwnId = (kind: DefinitionKind, id: string, definition: unknown): void => {
  const own = kind.ownId(definition);
  if (!own || own.id === id) return;
  const message = `${own.id} is the id that it goes by: send it to /${kind.path}/${own.id}`;
  throw new InvalidInput('DEFINITION_ID_INVALID', `It cannot be called ${id}`, [within({ field: own.field, message })]);
};

@CommandHandler(DefineCommand)
export class DefineHandler implements ICommandHandler<DefineCommand> {
  constructor(
    private readonly commands: Commands,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  async execute({ path, id, body, request }: DefineCommand): Promise<CommandResult> {
    const kind = kindAt(path);
    const { effectiveFrom, reason } = body;
    const { now } = request;
    const definition = parsed(kind, body.definition, this.options);
    assertOwnId(kind, id, definition);
    await this.assertThere(kind.references(definition), effectiveFrom ?? now);
    const command = { id, definition, now, ...(effectiveFrom !== undefined && { effectiveFrom }), ...(reason !== undefined && { reason }) };
    const result = await this.commands.handle(targetOf(kind, id), askedOf(`Define${kind.noun}`, request), (state) =>
      kind.define(command, state),
    );
    await this.options.site.reach(result.position);
    return result;
  }

  /** @throws InvalidInput REFERENCE_UNKNOWN naming every field whose definition is not there, or is out of use by then */
  private async assertThere(references: readonly Reference[], instant: string): Promise<void> {
    const faults: FieldFault[] = [];
    for (const { field, path, id } of references) {
      const kind = kindAt(path);
      const events: Event[] = [];
      for await (const event of this.commands.log.readStream<Event>(`${kind.streamPrefix}${id}`)) events.push(event);
      if (!versionAt(fold(kind.decider, events), instant))
        faults.push({ field: `definition.${field}`, message: `There is no ${id} among the ${path} in use: define it first` });
    }
    if (faults.length > 0) throw new InvalidInput('REFERENCE_UNKNOWN', faults.map(({ message }) => message).join('; '), faults);
  }
}

@CommandHandler(RetireCommand)
export class RetireHandler implements ICommandHandler<RetireCommand> {
  constructor(
    private readonly commands: Commands,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  async execute({ path, id, body: { reason, effectiveFrom }, request }: RetireCommand): Promise<CommandResult> {
    const kind = kindAt(path);
    const command = { id, reason, now: request.now, ...(effectiveFrom !== undefined && { effectiveFrom }) };
    const result = await this.commands.handle(targetOf(kind, id), askedOf(`Retire${kind.noun}`, request), (state) =>
      kind.retire(command, state),
    );
    await this.options.site.reach(result.position);
    return result;
  }
}
