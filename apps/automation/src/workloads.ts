import type { Workload } from '#process-managers/assignment';
import { agentQueue, heldBy, lastGivenTo } from '#projections';
import type { ViewReaders } from '#adapters/read-models';
import { TEAMS, type SiteDefinitions } from '#domain/definitions';
import { Lock } from './lock.js';
import type { Time } from './time.js';

export type WorkloadParts = Readonly<{ readers: ViewReaders; site: SiteDefinitions; time: Time }>;

/** Somebody was given an incident by this process; the view does not count it before it has reached that position. */
type Given = Readonly<{ agent: string; at: string; position: bigint }>;

/** One review's look at what people hold. While it is choosing somebody, no other one of this process does. */
export interface Turn {
  workloadOf(team: string): Promise<Workload | undefined>;
  /** Somebody was given an incident, and that is in the log at this position. */
  given(agent: string, position: bigint): void;
  end(): void;
}

/**
 * What the members of a team hold: as the queue shows it, and what this process has given them since. Two processes that choose in the same
 * moment do not see each other's choice before the view does: they may give somebody one incident more than they should have, and the next
 * choice makes up for it.
 */
export class Workloads {
  readonly #choosing = new Lock();
  #recent: readonly Given[] = [];

  constructor(private readonly parts: WorkloadParts) {}

  /** @param after the view must know what happened up to this position: somebody has just finished something */
  turn(after: bigint | undefined): Turn {
    let release: (() => void) | undefined;
    return {
      workloadOf: async (team) => {
        release ??= await this.#choosing.acquire();
        return this.#read(team, after);
      },
      given: (agent, position) => {
        this.#recent = [...this.#recent, { agent, position, at: new Date(this.parts.time.nowMs()).toISOString() }];
      },
      end: () => release?.(),
    };
  }

  /** Costs two look-ups in an index for each member. */
  async #read(team: string, after: bigint | undefined): Promise<Workload | undefined> {
    const { readers, site, time } = this.parts;
    const members = site.inForce(TEAMS, team, new Date(time.nowMs()).toISOString())?.definition.members ?? [];
    const { value, position } = await readers.of(agentQueue as never).read(
      (view) =>
        Promise.all(
          members.map(async (member) => {
            const { collection, filter } = heldBy(member);
            const [held, [last]] = await Promise.all([
              view.count(collection, filter),
              view.list<{ assignedAt: string | null }>(lastGivenTo(member)),
            ]);
            return { member, held, last: last?.assignedAt ?? null };
          }),
        ),
      { settle: false, ...(after !== undefined && { after }) },
    );

    this.#recent = this.#recent.filter((given) => given.position > position);
    const loads = new Map(value.map(({ member, held }) => [member, held]));
    const lastAssigned = new Map(value.flatMap(({ member, last }) => (last === null ? [] : [[member, last] as const])));
    for (const { agent, at } of this.#recent) {
      loads.set(agent, (loads.get(agent) ?? 0) + 1);
      lastAssigned.set(agent, at);
    }
    return { team, loads, lastAssigned };
  }
}
