import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandResult } from '#kernel';
import { NOTICE_LIMITS, noticeDecider, noticeStream, requeueNotice } from '#domain/notifications';
import { Commands } from '../commands/commands.js';
import type { CommandRequest } from '../http/command-request.js';
import { TextField } from '../http/fields.js';
import { askedOf } from '../incidents/use-case.js';

export class RequeueNoticeDto {
  @TextField({ maxLength: NOTICE_LIMITS.why, description: 'Why it can succeed now.' })
  reason!: string;
}

/** A person has a notice that failed tried again. */
export class RequeueNoticeCommand extends Command<CommandResult> {
  constructor(
    readonly noticeId: string,
    readonly body: RequeueNoticeDto,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(RequeueNoticeCommand)
export class RequeueNoticeHandler implements ICommandHandler<RequeueNoticeCommand> {
  constructor(private readonly commands: Commands) {}

  execute({ noticeId, body: { reason }, request }: RequeueNoticeCommand): Promise<CommandResult> {
    const { context, now } = request;
    const target = { decider: noticeDecider, streamName: noticeStream(noticeId), id: noticeStream(noticeId) };
    return this.commands.handle(target, askedOf('RequeueNotice', request), (notice) =>
      requeueNotice({ noticeId, by: context.actor.id, reason, now }, notice),
    );
  }
}
