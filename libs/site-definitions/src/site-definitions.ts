import { LOG_START, type EffectiveDated, type Event, type EventLog, type Recorded } from '#kernel';
import { WorkingTime } from '#calendars';
import { CALENDARS, DEFINITION_STREAM_PREFIXES, definitionOf, type DefinitionKind } from './kinds.js';

/** A definition has changed; what it says holds from an instant on, which may be still to come. ISO 8601, UTC. */
export type DefinitionChange = Readonly<{ path: string; id: string; effectiveFrom: string; position: bigint }>;

/**
 * Everything that a site defines, folded in memory from the log and kept up to date: definitions are few, and whoever judges needs them all
 * at once, as they are now. Memory grows with what is defined.
 */
export class SiteDefinitions {
  readonly #states = new Map<string, Map<string, EffectiveDated<unknown>>>();
  readonly #times = new Map<string, WorkingTime>();
  #position = LOG_START;

  /** Every event up to here is in it, as far as it was told. */
  get position(): bigint {
    return this.#position;
  }

  /** Takes the next event of the log. Answers what changed; `undefined` where it is none of a definition. */
  apply(event: Recorded<Event>): DefinitionChange | undefined {
    this.#position = event.position;
    const found = definitionOf(event.streamName);
    if (!found) return undefined;
    const { kind, id } = found;
    const states = this.#states.get(kind.path) ?? new Map<string, EffectiveDated<unknown>>();
    this.#states.set(kind.path, states);
    states.set(id, kind.decider.evolve(states.get(id) ?? kind.decider.initialState, event));
    if (kind.path === CALENDARS.path) this.#times.delete(id);
    const { effectiveFrom = event.occurredAt } = event.data as { effectiveFrom?: string };
    return { path: kind.path, id, effectiveFrom, position: event.position };
  }

  /** Every definition of a kind, by id, with all of its versions. */
  of<Definition>({ path }: DefinitionKind<Definition>): ReadonlyMap<string, EffectiveDated<Definition>> {
    return (this.#states.get(path) ?? new Map<string, never>()) as ReadonlyMap<string, EffectiveDated<Definition>>;
  }

  /** Time by a calendar; `undefined` where there is none of that id. */
  workingTime(calendar: string): WorkingTime | undefined {
    const known = this.#times.get(calendar);
    if (known) return known;
    const dated = this.of(CALENDARS).get(calendar);
    if (!dated || dated.versions.length === 0) return undefined;
    const time = new WorkingTime(dated);
    this.#times.set(calendar, time);
    return time;
  }

  /** Reads all of it, as it is now. Costs every event that was ever recorded of a definition, and a look at each other event of the log. */
  async load(log: Pick<EventLog, 'readAll'>): Promise<void> {
    const range = { after: this.#position, streamPrefixes: DEFINITION_STREAM_PREFIXES };
    for await (const event of log.readAll<Event>(range)) this.apply(event);
  }

  /**
   * Keeps it up to date until the signal says to stop.
   * @param changed told of each change, once it is in
   * @param caughtUp told whenever there was nothing more up to a position
   */
  async follow(
    log: Pick<EventLog, 'subscribe'>,
    signal: AbortSignal,
    changed: (change: DefinitionChange) => void = () => undefined,
    caughtUp: (position: bigint) => void = () => undefined,
  ): Promise<void> {
    const messages = log.subscribe<Event>({ after: this.#position, streamPrefixes: DEFINITION_STREAM_PREFIXES, signal });
    for await (const message of messages) {
      if (message.kind === 'caught-up') {
        if (message.position > this.#position) this.#position = message.position;
        caughtUp(this.#position);
        continue;
      }
      const change = this.apply(message.event);
      if (change) changed(change);
    }
  }
}
