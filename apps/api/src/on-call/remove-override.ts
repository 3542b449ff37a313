import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandResult } from '#kernel';
import { ON_CALL_LIMITS, removeOverride } from '#domain/on-call';
import { ON_CALL_SCHEDULES } from '#domain/definitions';
import { SiteCommand, SiteCommands } from '../definitions/site-commands.js';
import { BoundedTextField } from '../http/fields.js';

export class RemoveOverrideDto {
  @BoundedTextField({ min: 1, max: ON_CALL_LIMITS.reasonLength }, { description: 'Why it holds no longer.' })
  reason!: string;
}

export const REMOVE_OVERRIDE_EXAMPLE: RemoveOverrideDto = { reason: 'The dentist has no time' };

/** An override ends now, or does not begin. */
export class RemoveOverrideCommand extends SiteCommand<RemoveOverrideDto & Readonly<{ overrideId: string }>> {}

@CommandHandler(RemoveOverrideCommand)
export class RemoveOverrideHandler implements ICommandHandler<RemoveOverrideCommand> {
  constructor(private readonly commands: SiteCommands) {}

  /** @throws what `removeOverride` throws */
  execute({ id, body: { overrideId, reason }, request }: RemoveOverrideCommand): Promise<CommandResult> {
    const removal = { id, overrideId, reason, now: request.now };
    return this.commands.handle(ON_CALL_SCHEDULES, id, 'RemoveOverride', request, (timeline) => removeOverride(removal, timeline));
  }
}
