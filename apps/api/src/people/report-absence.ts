import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandResult } from '#kernel';
import { PEOPLE_LIMITS, reportAbsence } from '#domain/people';
import { PEOPLE } from '#domain/definitions';
import { SiteCommand, SiteCommands } from '../definitions/site-commands.js';
import { BoundedTextField, InstantField, PatternField, utc } from '../http/fields.js';
import { ENTRY_ID, ENTRY_ID_PATTERN } from '../http/parameters.js';

export class ReportAbsenceDto {
  @PatternField(ENTRY_ID_PATTERN, ENTRY_ID, {
    optional: true,
    description: 'What to call it; a new id, when nothing is said.',
    example: 'a-1',
  })
  absenceId?: string;

  @InstantField({ description: 'Since when they are away. It may have begun.' })
  from!: string;

  @InstantField({ description: `When they are back: after now, and at most ${PEOPLE_LIMITS.absenceDays} days after \`from\`.` })
  to!: string;

  @BoundedTextField({ min: 1, max: PEOPLE_LIMITS.reasonLength }, { description: 'Why, in words that everybody may read.' })
  reason!: string;
}

export const REPORT_ABSENCE_EXAMPLE: ReportAbsenceDto = {
  absenceId: 'a-1',
  from: '2030-07-01T06:00:00Z',
  to: '2030-07-15T06:00:00Z',
  reason: 'Holiday',
};

/** Somebody is, or will be, away. */
export class ReportAbsenceCommand extends SiteCommand<ReportAbsenceDto & Readonly<{ absenceId: string }>> {}

@CommandHandler(ReportAbsenceCommand)
export class ReportAbsenceHandler implements ICommandHandler<ReportAbsenceCommand> {
  constructor(private readonly commands: SiteCommands) {}

  /** @throws what `reportAbsence` throws */
  execute({ id, body, request }: ReportAbsenceCommand): Promise<CommandResult> {
    const { absenceId, reason } = body;
    const absence = { id, absenceId, from: utc(body.from), to: utc(body.to), reason, now: request.now };
    return this.commands.handle(PEOPLE, id, 'ReportAbsence', request, (person) => reportAbsence(absence, person));
  }
}
