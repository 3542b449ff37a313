import { LOG_START, versionAt, type EffectiveDated, type Event, type EventLog, type Recorded, type Version } from '#kernel';
import { WorkingTime } from '#domain/calendars';
import { CALENDARS, DEFINITION_STREAM_PREFIXES, definitionOf, kindOf, type DefinitionKind } from './kinds.js';

/** What is known of one definition, and the position of the last event that changed it. */
export type KnownDefinition = Readonly<{ path: string; id: string; state: EffectiveDated<unknown>; position: bigint }>;

/**
 * Everything that a site defines, folded in memory from the log: definitions are few, and whoever judges or decides needs them all at once,
 * as they are now. Memory grows with what is defined.
 */
export class SiteDefinitions {
  readonly #states = new Map<string, Map<string, EffectiveDated<unknown>>>();
  /** The last event of each definition that is in it, by stream; and of each kind. */
  readonly #appliedAt = new Map<string, bigint>();
  readonly #changedAt = new Map<string, bigint>();
  readonly #times = new Map<string, WorkingTime>();
  #position = LOG_START;
  #reading: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  /** When the log was looked at last, on the clock of this process, in milliseconds. */
  #readAt = -Infinity;

  /** @param known what a view knows already, and up to which position; else all of it is read from the log */
  constructor(
    private readonly log: Pick<EventLog, 'readAll' | 'headPosition'>,
    known: Readonly<{ definitions: readonly KnownDefinition[]; position: bigint }> = { definitions: [], position: LOG_START },
  ) {
    for (const { path, id, state, position } of known.definitions) {
      const kind = kindOf(path);
      if (kind) this.#set(kind, id, state, position);
    }
    this.#position = known.position;
  }

  /** Every event up to here is in it. */
  get position(): bigint {
    return this.#position;
  }

  /**
   * Brings it to the end of the log as it is now. Those who ask at the same time share one read, which costs a look at every event since the
   * last one.
   */
  refresh(): Promise<void> {
    // the read that is under way may have begun before what the caller has to see
    this.#next ??= this.#reading.then(() => {
      this.#next = undefined;
      const reading = this.#read();
      this.#reading = reading.catch(() => undefined);
      return reading;
    });
    return this.#next;
  }

  /** Brings it to what the log held so many milliseconds ago at the earliest: for those who ask often, and can live with that. */
  async recent(ageMs: number): Promise<void> {
    if (performance.now() - this.#readAt > ageMs) await this.refresh();
  }

  /** Brings it to a position at least. */
  async reach(position: bigint): Promise<void> {
    if (this.#position < position) await this.refresh();
  }

  /** Every definition of a kind, by id, with all of its versions. It follows what is read. */
  of<Definition, State extends EffectiveDated<Definition>>({ path }: DefinitionKind<Definition, State>): ReadonlyMap<string, State> {
    return this.#ofKind(path) as ReadonlyMap<string, State>;
  }

  /** One of them. */
  one<Definition, State extends EffectiveDated<Definition>>({ path }: DefinitionKind<Definition, State>, id: string): State | undefined {
    return this.#ofKind(path).get(id) as State | undefined;
  }

  /** One of them as it holds at an instant (ISO 8601, UTC); `undefined` where it does not hold then, or none is named. */
  inForce<Definition, State extends EffectiveDated<Definition>>(
    kind: DefinitionKind<Definition, State>,
    id: string | null | undefined,
    instant: string,
  ): Version<Definition> | undefined {
    const dated = typeof id === 'string' ? this.one(kind, id) : undefined;
    return dated && versionAt(dated, instant);
  }

  /** Time by a calendar; `undefined` where there is none of that id. */
  workingTime(calendar: string): WorkingTime | undefined {
    const known = this.#times.get(calendar);
    if (known) return known;
    const dated = this.one(CALENDARS, calendar);
    if (!dated || dated.versions.length === 0) return undefined;
    const time = new WorkingTime(dated);
    this.#times.set(calendar, time);
    return time;
  }

  /** The position of the last change to any definition of these kinds; `LOG_START` where there was none. */
  changedAt(kinds: readonly Pick<DefinitionKind, 'path'>[]): bigint {
    return kinds.reduce((last, { path }) => {
      const position = this.#changedAt.get(path) ?? LOG_START;
      return position > last ? position : last;
    }, LOG_START);
  }

  /**
   * Around an instant (ISO 8601, UTC), inclusive: the last one by then, and the first one behind it, from which a definition of these kinds holds,
   * or holds no longer. Costs a look at every version.
   */
  changesAround(kinds: readonly Pick<DefinitionKind, 'path'>[], instant: string): Readonly<{ last?: string; next?: string }> {
    const instants = kinds.flatMap(({ path }) =>
      [...this.#ofKind(path).values()].flatMap(({ versions, retirements }) =>
        [...versions, ...retirements].map(({ effectiveFrom }) => new Date(effectiveFrom).toISOString()),
      ),
    );
    const sorted = instants.sort();
    const last = sorted.findLast((one) => one <= instant);
    const next = sorted.find((one) => one > instant);
    return { ...(last !== undefined && { last }), ...(next !== undefined && { next }) };
  }

  #ofKind(path: string): Map<string, EffectiveDated<unknown>> {
    const states = this.#states.get(path) ?? new Map<string, never>();
    this.#states.set(path, states);
    return states;
  }

  #set({ path, streamPrefix }: DefinitionKind, id: string, state: EffectiveDated<unknown>, position: bigint): void {
    this.#ofKind(path).set(id, state);
    this.#appliedAt.set(`${streamPrefix}${id}`, position);
    if (position > this.changedAt([{ path }])) this.#changedAt.set(path, position);
    if (path === CALENDARS.path) this.#times.delete(id);
  }

  #apply(event: Recorded<Event>): void {
    const found = definitionOf(event.streamName);
    // a view may have been read while it moved: it can know more of one definition than of all
    if (!found || event.position <= (this.#appliedAt.get(event.streamName) ?? LOG_START)) return;
    const { kind, id } = found;
    const state = this.#ofKind(kind.path).get(id) ?? kind.decider.initialState;
    this.#set(kind, id, kind.decider.evolve(state, event), event.position);
  }

  async #read(): Promise<void> {
    const askedAt = performance.now();
    const head = await this.log.headPosition();
    this.#readAt = askedAt;
    if (head <= this.#position) return;
    const range = { after: this.#position, through: head, streamPrefixes: DEFINITION_STREAM_PREFIXES };
    for await (const event of this.log.readAll<Event>(range)) {
      this.#apply(event);
      this.#position = event.position;
    }
    this.#position = head;
  }
}
