import assert from 'node:assert/strict';
import { fold, Refusal, type Decider, type Event } from '#kernel';

/** What the rule under test decided, or why it refused. */
interface Outcome<E extends Event> {
  /** It decided exactly these events. */
  then(...events: readonly E[]): void;
  /** It had nothing to do. */
  thenNothing(): void;
  /** It refused, with this code. */
  thenRefused(code: string): void;
}

/**
 * A rule's specification, as a sentence: `given(reported).when(toTier(2)).then(escalated)`.
 * A refusal that is not asked for surfaces as the error it is.
 */
export const deciderSpec =
  <Command, State, E extends Event>({
    decide,
    ...decider
  }: Decider<State, E> & { decide: (command: Command, state: State) => readonly E[] }) =>
  (...history: readonly E[]) => ({
    when: (command: Command): Outcome<E> => {
      const decided = () => decide(command, fold(decider, history));
      return {
        then: (...events) => assert.deepStrictEqual(decided(), events),
        thenNothing: () => assert.deepStrictEqual(decided(), []),
        thenRefused: (code) =>
          assert.throws(decided, (error) => {
            if (!(error instanceof Refusal)) throw error;
            assert.equal(error.code, code);
            return true;
          }),
      };
    },
  });
