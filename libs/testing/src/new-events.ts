import { eventsOfCommand, type CommandContext, type Event, type NewEvent } from '#kernel';
import { AGENT } from './recorded.js';

/** A command's context: who asks and under which id, with everything else filled in. */
export const commandContext = (commandId: string, more: Partial<CommandContext> = {}): CommandContext => ({
  commandId,
  commandHash: `hash of ${commandId}`,
  actor: AGENT,
  correlationId: commandId,
  ...more,
});

/** Events on their way into a stream, as the command with this id would write them. */
export const newEvents = <E extends Event>(streamName: string, commandId: string, ...events: readonly E[]): NewEvent<E>[] =>
  eventsOfCommand(streamName, commandContext(commandId), events);

/** Everything that a finite stream hands over. */
export const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};
