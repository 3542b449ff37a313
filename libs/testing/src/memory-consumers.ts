import { LOG_START, type ConsumeOptions, type Delivery, type Event, type EventConsumers, type EventLog, type Recorded } from '#kernel';

type Log = Pick<EventLog, 'subscribe' | 'readAll'>;

type Waiting = Readonly<{ event: Recorded<Event>; retries: number }>;

/** What is known of one group: what nobody has yet, and what somebody has not settled. */
class Group {
  readonly #queue: Waiting[] = [];
  readonly unsettled = new Set<Waiting>();
  readonly parked: Recorded<Event>[] = [];
  members = 0;
  readonly #waiting = new Set<() => void>();
  #position = LOG_START;

  constructor(
    private readonly log: Log,
    private readonly streamPrefixes: readonly string[],
  ) {
    void this.#read();
  }

  /** Whether all that is in the log now is dealt with. */
  async isSettled(): Promise<boolean> {
    const range = { after: this.#position, streamPrefixes: this.streamPrefixes, limit: 1 };
    for await (const _ of this.log.readAll(range)) return false;
    return this.#queue.length === 0 && this.unsettled.size === 0;
  }

  add(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.changed();
  }

  take(): Waiting | undefined {
    const next = this.#queue.shift();
    if (next) this.unsettled.add(next);
    return next;
  }

  changed(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves with the next change, or when the signal is aborted. */
  change(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }

  async #read(): Promise<void> {
    for await (const message of this.log.subscribe({ after: LOG_START, streamPrefixes: this.streamPrefixes })) {
      if (message.kind === 'caught-up') continue;
      this.#position = message.event.position;
      this.add({ event: message.event, retries: 0 });
    }
  }
}

/** Consumer groups in memory, for tests: each event is handed to one member, and again where that one is gone before it has settled it. */
export const memoryConsumers = (
  log: Log,
): EventConsumers & {
  /** Resolves once a group has dealt with all that is in the log then. */
  settled: (group: string) => Promise<void>;
  /** What was put aside. */
  parked: (group: string) => readonly Recorded<Event>[];
} => {
  const groups = new Map<string, Group>();

  return {
    async *consume<E extends Event>({ group: name, streamPrefixes, inFlight, signal }: ConsumeOptions) {
      const group = groups.get(name) ?? new Group(log, streamPrefixes);
      groups.set(name, group);
      group.members++;
      const mine = new Set<Waiting>();
      const settle = (waiting: Waiting) => {
        mine.delete(waiting);
        group.unsettled.delete(waiting);
        group.changed();
        return Promise.resolve();
      };
      try {
        while (!signal?.aborted) {
          const waiting = mine.size < inFlight ? group.take() : undefined;
          if (!waiting) {
            await group.change(signal);
            continue;
          }
          mine.add(waiting);
          yield {
            event: waiting.event as Recorded<E>,
            retries: waiting.retries,
            done: () => settle(waiting),
            again: () => {
              group.add({ ...waiting, retries: waiting.retries + 1 });
              return settle(waiting);
            },
            park: () => {
              group.parked.push(waiting.event);
              return settle(waiting);
            },
          } satisfies Delivery<E>;
        }
      } finally {
        group.members--;
        for (const waiting of mine) {
          group.add(waiting);
          group.unsettled.delete(waiting);
        }
      }
    },

    groupStatus: (name) => {
      const group = groups.get(name);
      return Promise.resolve(group && { members: group.members, parked: group.parked.length });
    },

    retryParked: (name) => {
      const group = groups.get(name);
      for (const event of group?.parked.splice(0) ?? []) group?.add({ event, retries: 0 });
      return Promise.resolve();
    },

    settled: async (name) => {
      while (!(await groups.get(name)?.isSettled())) await new Promise((resolve) => setImmediate(resolve));
    },

    parked: (name) => groups.get(name)?.parked ?? [],
  };
};
