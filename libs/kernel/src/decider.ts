import type { Event } from './event.js';

/** What the rules of one aggregate remember, and how an event changes it. Deciding is a function apart: command and state in, events out. */
export type Decider<State, E extends Event> = Readonly<{
  initialState: State;
  evolve: (state: State, event: E) => State;
}>;

/** The state after these events. */
export const fold = <State, E extends Event>({ initialState, evolve }: Decider<State, E>, events: Iterable<E>): State => {
  let state = initialState;
  for (const event of events) state = evolve(state, event);
  return state;
};
