import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DEFINITION_ID_PATTERN, type CommandResult } from '#kernel';
import { addOverride, ON_CALL_LIMITS } from '#domain/on-call';
import { ON_CALL_SCHEDULES, PEOPLE } from '#domain/definitions';
import { SiteCommand, SiteCommands } from '../definitions/site-commands.js';
import { BoundedTextField, InstantField, PatternField, utc } from '../http/fields.js';
import { ENTRY_ID, ENTRY_ID_PATTERN } from '../http/parameters.js';

export class AddOverrideDto {
  @PatternField(ENTRY_ID_PATTERN, ENTRY_ID, {
    optional: true,
    description: 'What to call it; a new id, when nothing is said.',
    example: 'o-1',
  })
  overrideId?: string;

  @PatternField(DEFINITION_ID_PATTERN, 'the id of a person', {
    description: 'Who is on call, whoever’s turn it is.',
    example: 'els-jacobs',
  })
  person!: string;

  @InstantField({ description: 'From then on: not before now.' })
  from!: string;

  @InstantField({ description: `Until then; at most ${ON_CALL_LIMITS.intervalDays} days.` })
  to!: string;

  @BoundedTextField({ min: 1, max: ON_CALL_LIMITS.reasonLength }, { description: 'Why.' })
  reason!: string;
}

export const ADD_OVERRIDE_EXAMPLE: AddOverrideDto = {
  person: 'els-jacobs',
  from: '2030-01-07T08:00:00Z',
  to: '2030-01-08T08:00:00Z',
  reason: 'Tom is at the dentist',
};

/** Somebody is put on call for a while. */
export class AddOverrideCommand extends SiteCommand<AddOverrideDto & Readonly<{ overrideId: string }>> {}

@CommandHandler(AddOverrideCommand)
export class AddOverrideHandler implements ICommandHandler<AddOverrideCommand> {
  constructor(private readonly commands: SiteCommands) {}

  /** @throws InvalidInput REFERENCE_UNKNOWN, and what `addOverride` throws */
  execute({ id, body, request }: AddOverrideCommand): Promise<CommandResult> {
    const { overrideId, person, reason } = body;
    const [from, to] = [utc(body.from), utc(body.to)];
    const override = { id, overrideId, person, from, to, reason, addedBy: request.context.actor.id, now: request.now };
    return this.commands.handle(ON_CALL_SCHEDULES, id, 'AddOverride', request, async (timeline) => {
      const events = addOverride(override, timeline);
      await this.commands.assertThere([{ field: 'person', path: PEOPLE.path, id: person }], from);
      return events;
    });
  }
}
