import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvalidInput, type CommandResult } from '#kernel';
import type { DefinitionKind } from '#domain/definitions';
import { InstantField, NestedObjectField, TextField } from '../http/fields.js';
import type { CommandRequest } from '../http/command-request.js';
import { withFieldsNamed } from '../http/renamed-faults.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { kindAt, SiteCommands } from './site-commands.js';

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

/** Where a field of the definition is, as the request has it. */
const asSent = (field: string) => `definition.${field}`;
const within = <Of extends Readonly<{ field: string }>>(of: Of): Of => ({ ...of, field: asSent(of.field) });

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
    private readonly commands: SiteCommands,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  async execute({ path, id, body, request }: DefineCommand): Promise<CommandResult> {
    const kind = kindAt(path);
    const { effectiveFrom, reason } = body;
    const { now } = request;
    const definition = withFieldsNamed(asSent, () => kind.parse(body.definition, this.options));
    assertOwnId(kind, id, definition);
    const command = { id, definition, now, ...(effectiveFrom !== undefined && { effectiveFrom }), ...(reason !== undefined && { reason }) };
    return this.commands.handle(kind, id, `Define${kind.noun}`, request, async (state) => {
      await this.commands.assertThere(kind.references(definition).map(within), effectiveFrom ?? now);
      return kind.define(command, state);
    });
  }
}

@CommandHandler(RetireCommand)
export class RetireHandler implements ICommandHandler<RetireCommand> {
  constructor(private readonly commands: SiteCommands) {}

  execute({ path, id, body: { reason, effectiveFrom }, request }: RetireCommand): Promise<CommandResult> {
    const kind = kindAt(path);
    const command = { id, reason, now: request.now, ...(effectiveFrom !== undefined && { effectiveFrom }) };
    return this.commands.handle(kind, id, `Retire${kind.noun}`, request, (state) => kind.retire(command, state));
  }
}
