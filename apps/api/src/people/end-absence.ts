import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandResult } from '#kernel';
import { endAbsence } from '#domain/people';
import { PEOPLE } from '#domain/definitions';
import { SiteCommand, SiteCommands } from '../definitions/site-commands.js';
import { InstantField, utc } from '../http/fields.js';

export class EndAbsenceDto {
  @InstantField({
    optional: true,
    description: 'When they are back, earlier than was said; now, when nothing is said. Before it began, they never went.',
  })
  at?: string;
}

export const END_ABSENCE_EXAMPLE: EndAbsenceDto = { at: '2030-07-08T06:00:00Z' };

/** Somebody is back early, or does not go. */
export class EndAbsenceCommand extends SiteCommand<EndAbsenceDto & Readonly<{ absenceId: string }>> {}

@CommandHandler(EndAbsenceCommand)
export class EndAbsenceHandler implements ICommandHandler<EndAbsenceCommand> {
  constructor(private readonly commands: SiteCommands) {}

  /** @throws what `endAbsence` throws */
  execute({ id, body: { absenceId, at }, request }: EndAbsenceCommand): Promise<CommandResult> {
    const end = { id, absenceId, now: request.now, ...(at !== undefined && { at: utc(at) }) };
    return this.commands.handle(PEOPLE, id, 'EndAbsence', request, (person) => endAbsence(end, person));
  }
}
