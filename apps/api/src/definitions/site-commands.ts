import { Inject, Injectable } from '@nestjs/common';
import { Command } from '@nestjs/cqrs';
import { fold, InvalidInput, versionAt, type CommandResult, type EffectiveDated, type Event, type FieldFault } from '#kernel';
import { kindOf, type DefinitionKind, type Reference } from '#domain/definitions';
import { Commands, type Decide } from '../commands/commands.js';
import type { CommandRequest } from '../http/command-request.js';
import { askedOf } from '../incidents/use-case.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/** A command about one thing that a site defines, on its way to its handler. */
export abstract class SiteCommand<Body extends object> extends Command<CommandResult> {
  constructor(
    /** Of what it is about. */
    readonly id: string,
    readonly body: Body,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

/** The kind that one of the resources of this API is of. */
export const kindAt = (path: string): DefinitionKind => kindOf(path) as DefinitionKind;

/** Runs rules on what a site defines. */
@Injectable()
export class SiteCommands {
  constructor(
    private readonly commands: Commands,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /**
   * Asks a rule about one definition and writes what it decides; from then on this process knows of it.
   * @throws what `Commands.handle` and the rule throw
   */
  async handle<Definition, State extends EffectiveDated<Definition>>(
    { decider, streamPrefix }: DefinitionKind<Definition, State>,
    id: string,
    name: string,
    request: CommandRequest,
    decide: Decide<State, Event>,
  ): Promise<CommandResult> {
    const streamName = `${streamPrefix}${id}`;
    const result = await this.commands.handle({ decider, streamName, id: streamName }, askedOf(name, request), decide);
    await this.options.site.reach(result.position);
    return result;
  }

  /**
   * What a request refers to is in use at an instant (ISO 8601, UTC). Looked up in the log itself: another process may have just defined it.
   * @throws InvalidInput REFERENCE_UNKNOWN naming every field whose definition is not there, or is out of use by then
   */
  async assertThere(references: readonly Reference[], instant: string): Promise<void> {
    const faults: FieldFault[] = [];
    for (const { field, path, id } of references) {
      const { decider, streamPrefix } = kindAt(path);
      const events: Event[] = [];
      for await (const event of this.options.log.readStream<Event>(`${streamPrefix}${id}`)) events.push(event);
      if (!versionAt(fold(decider, events), instant)) {
        faults.push({ field, message: `There is no ${id} among the ${path} in use: define it first` });
      }
    }
    if (faults.length > 0) throw new InvalidInput('REFERENCE_UNKNOWN', faults.map(({ message }) => message).join('; '), faults);
  }
}
