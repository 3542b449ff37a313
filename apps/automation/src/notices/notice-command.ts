import { randomUUID } from 'node:crypto';
import { handleCommand, inputHash, type Actor, type CommandResult, type EventLog } from '#kernel';
import { noticeDecider, noticeStream, type Notice, type NoticeEvent } from '#domain/notifications';

/** A command about one notice that automation gives itself. What it decides follows from the notice alone, so asking again changes nothing. */
export const noticeCommand = (
  log: EventLog,
  actor: Actor,
  noticeId: string,
  decide: (notice: Notice) => readonly NoticeEvent[],
): Promise<CommandResult> => {
  const commandId = randomUUID();
  const context = { commandId, commandHash: inputHash({ noticeId }), actor, correlationId: commandId };
  return handleCommand(log, noticeDecider, noticeStream(noticeId), context, decide);
};
