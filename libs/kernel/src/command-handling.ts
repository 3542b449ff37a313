import type { Decided } from './decided.js';
import type { Decider } from './decider.js';
import { Contended, IdempotencyKeyReused, StaleRevision, WrongExpectedRevision } from './errors.js';
import type { Actor, Event, NewEvent, Origin, Recorded } from './event.js';
import { NO_STREAM, type EventLog } from './event-log.js';
import { derivedId } from './identity.js';

/** Who asks, under which id, and on what condition. */
export type CommandContext = Readonly<{
  /** The same id is the same command: resent, it answers as it did and changes nothing. */
  commandId: string;
  /** SHA-256 of the input, hex. */
  commandHash: string;
  actor: Actor;
  correlationId: string;
  /** What caused the command: another event or command; the command itself when absent. */
  causationId?: string;
  /** When it happened, where that was before now: ISO 8601, UTC. */
  occurredAt?: string;
  /** `If-Match`: decide at this revision or not at all. */
  expectedRevision?: bigint;
  origin?: Origin;
}>;

/** Where the command left its stream; `repeated` where it had been answered before; `changed` where it had anything to do. */
export type CommandResult = Readonly<{ revision: bigint; position: bigint; changed: boolean; repeated: boolean }>;

/** How often a lost race is run again. Beyond that, the caller should know that the stream is contended. */
const RETRIES = 3;

/**
 * Gives each event of a command its id and metadata. The n-th event of a command in a stream has the same id whenever it is made;
 * `from` is the n of the first one here.
 */
export const eventsOfCommand = <E extends Event>(
  streamName: string,
  context: CommandContext,
  events: readonly Decided<E>[],
  from = 0,
): NewEvent<E>[] => {
  const { commandId, commandHash, actor, correlationId, causationId = commandId, occurredAt, origin } = context;
  const metadata = {
    $correlationId: correlationId,
    $causationId: causationId,
    actor,
    commandId,
    commandHash,
    ...(occurredAt && { occurredAt }),
    ...(origin && { origin }),
  };
  return events.map((decided, n) => {
    const id = derivedId('event', commandId, streamName, String(from + n));
    if (!('event' in decided)) return { id, event: decided, metadata };
    return { id, event: decided.event, metadata: { ...metadata, occurredAt: decided.occurredAt } };
  });
};

/**
 * Load, fold, decide, append: written once, for every command of every aggregate.
 *
 * The append is made at the revision that was read. A lost race is run again, decided anew, up to three times; where the
 * caller pinned a revision it is not. A command that the stream has already answered is answered again from it. What a rule has to look up
 * elsewhere it may wait for.
 * Costs one read of the stream and one append.
 *
 * @param known the stream from its first event on, as far as the caller has it: the first try decides on that, and reads nothing. If there is
 *   more by now, the append finds out; where there is nothing to append, nobody does
 * @throws StaleRevision when the caller's pinned revision is lost
 * @throws IdempotencyKeyReused when the stream has answered this command id for another input
 * @throws Contended when the race was lost on every try; and whatever `decide` refuses with
 */
export const handleCommand = async <State, E extends Event>(
  log: EventLog,
  decider: Decider<State, E>,
  streamName: string,
  context: CommandContext,
  decide: (state: State) => readonly Decided<E>[] | Promise<readonly Decided<E>[]>,
  known?: readonly Recorded<NoInfer<E>>[],
): Promise<CommandResult> => {
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    let state = decider.initialState;
    let at = { revision: NO_STREAM, position: NO_STREAM };
    let answer: typeof at | undefined;

    for await (const event of (attempt === 0 && known) || log.readStream<E>(streamName)) {
      state = decider.evolve(state, event);
      at = { revision: event.revision, position: event.position };
      if (event.metadata.commandId !== context.commandId) continue;
      if (event.metadata.commandHash !== context.commandHash) throw new IdempotencyKeyReused();
      answer = at;
    }
    if (answer) return { ...answer, changed: true, repeated: true };

    const { expectedRevision } = context;
    if (expectedRevision !== undefined && expectedRevision !== at.revision) throw new StaleRevision(expectedRevision, at.revision);

    const events = await decide(state);
    if (events.length === 0) return { ...at, changed: false, repeated: false };

    try {
      const appended = await log.append(streamName, at.revision, eventsOfCommand(streamName, context, events));
      return { ...appended, changed: true, repeated: false };
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      if (expectedRevision !== undefined) throw new StaleRevision(expectedRevision, error.actual);
    }
  }
  throw new Contended(streamName);
};
