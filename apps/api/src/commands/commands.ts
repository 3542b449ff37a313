import { Inject, Injectable } from '@nestjs/common';
import {
  acceptCommand,
  handleCommand,
  recordNoEffect,
  type CommandContext,
  type CommandResult,
  type Decided,
  type Decider,
  type Event,
  type EventLog,
} from '#kernel';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/** A command as it was asked: its name, who asks and on what condition, and the key under which it may be resent. */
export type Asked = Readonly<{ command: string; context: CommandContext; idempotencyKey?: string }>;

/** One aggregate: how it is folded, where its events stand, and what the ledger calls it. */
export type Target<State, E extends Event> = Readonly<{ decider: Decider<State, E>; streamName: string; id: string }>;

/** A rule, and what it has to look up elsewhere: neither is asked about a command that has been answered before. */
export type Decide<State, E extends Event> = (state: State) => readonly Decided<E>[] | Promise<readonly Decided<E>[]>;

/** Runs rules on the log: the only place where the two meet. */
@Injectable()
export class Commands {
  readonly log: EventLog;

  constructor(@Inject(API_OPTIONS) { log }: ApiOptions) {
    this.log = log;
  }

  /**
   * Asks a rule about one aggregate and writes what it decides. What came with a key is written down first, and answered the same when it is
   * resent.
   * @throws what `acceptCommand`, `handleCommand` and the rule throw
   */
  async handle<State, E extends Event>(target: Target<State, E>, asked: Asked, decide: Decide<State, E>): Promise<CommandResult> {
    const { command, context, idempotencyKey } = asked;
    if (idempotencyKey !== undefined) {
      const { answer } = await acceptCommand(this.log, context, command, target.id);
      if (answer) return answer;
    }
    return this.decide(target, asked, decide);
  }

  /** The same, for a command that has been accepted already. */
  async decide<State, E extends Event>(
    { decider, streamName }: Target<State, E>,
    { context, idempotencyKey }: Asked,
    decide: Decide<State, E>,
  ): Promise<CommandResult> {
    const result = await handleCommand(this.log, decider, streamName, context, decide);
    if (!result.changed && idempotencyKey !== undefined) await recordNoEffect(this.log, context, result);
    return result;
  }
}
