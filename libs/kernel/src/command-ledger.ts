import { randomUUID } from 'node:crypto';
import { eventCatalogue } from './catalogue.js';
import type { CommandContext, CommandResult } from './command-handling.js';
import { eventsOfCommand } from './command-handling.js';
import { IdempotencyKeyReused, WrongExpectedRevision } from './errors.js';
import type { Actor, Event } from './event.js';
import { NO_STREAM, type EventLog } from './event-log.js';
import { derivedId } from './identity.js';

/** What the log remembers of a command that came with an idempotency key. */
export type LedgerEvent =
  Event<'CommandAccepted', { command: string; target: string }> | Event<'CommandHadNoEffect', { revision: string; position: string }>;

export const ledgerCatalogue = eventCatalogue<LedgerEvent>({
  CommandAccepted: { storedName: 'CommandAccepted' },
  CommandHadNoEffect: { storedName: 'CommandHadNoEffect' },
});

/** The command id that a key stands for. A key belongs to the actor who sent it: two clients never meet on one. */
export const commandIdOfKey = (actor: Actor, idempotencyKey: string): string => derivedId('command', actor.kind, actor.id, idempotencyKey);

const streamOf = (commandId: string) => `command-${commandId}`;

/** What a command that was accepted before was about, and how it ended where it changed nothing. */
export type AcceptedCommand = Readonly<{ target: string; answer?: CommandResult }>;

/**
 * Writes down that this command was accepted for this target, before anything is done about it; or finds that it was accepted before.
 * The first writer wins, whichever process it is in: the stream of the command must not exist. Whoever comes later is told the target that
 * the first one chose, and goes on there: what the first one did is found in the target's own stream.
 * Costs one append, and one read where the command is a repeat.
 *
 * @throws IdempotencyKeyReused when it was accepted with another input
 */
export const acceptCommand = async (log: EventLog, context: CommandContext, command: string, target: string): Promise<AcceptedCommand> => {
  const streamName = streamOf(context.commandId);
  const fact: LedgerEvent = { type: 'CommandAccepted', data: { command, target } };
  // an id of its own: under the derived one, a repeat would pass as the first time, and be told its own target
  const events = eventsOfCommand(streamName, context, [fact]).map((event) => ({ ...event, id: randomUUID() }));
  try {
    await log.append(streamName, NO_STREAM, events);
    return { target };
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
  }

  let accepted: AcceptedCommand = { target };
  for await (const event of log.readStream<LedgerEvent>(streamName)) {
    switch (event.type) {
      case 'CommandAccepted':
        if (event.metadata.commandHash !== context.commandHash) throw new IdempotencyKeyReused();
        accepted = { target: event.data.target };
        break;
      case 'CommandHadNoEffect': {
        const [revision, position] = [BigInt(event.data.revision), BigInt(event.data.position)];
        accepted = { ...accepted, answer: { revision, position, changed: false, repeated: true } };
        break;
      }
      default:
        event satisfies never;
    }
  }
  return accepted;
};

/**
 * Writes down that an accepted command had nothing to do, so that it has nothing to do for ever: resent after others changed the target,
 * it must not change it back. Of two that race, the first one's answer stays.
 */
export const recordNoEffect = async (log: EventLog, context: CommandContext, { revision, position }: CommandResult): Promise<void> => {
  const streamName = streamOf(context.commandId);
  const fact: LedgerEvent = { type: 'CommandHadNoEffect', data: { revision: revision.toString(), position: position.toString() } };
  try {
    await log.append(streamName, 0n, eventsOfCommand(streamName, context, [fact], 1));
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
  }
};
