import type { EventPlace } from './append-decision.js';
import type { EventRecord } from './record.js';

/** How many of the latest events are remembered. */
const REMEMBERED = 65_536;

/** An event's id as a key, short and quickly made. */
export const idKey = (id: Buffer): string => id.toString('latin1');

/** Where the latest events stand, by id: for appends that name no revision and are sent again. */
export class RecentIds {
  private readonly places = new Map<string, EventPlace & Readonly<{ turn: number }>>();
  /** The ids in the order they came, each overwritten by the one that is remembered in its stead. */
  private readonly ring: string[] = [];
  private turn = 0;

  get size(): number {
    return this.places.size;
  }

  get(id: string): EventPlace | undefined {
    return this.places.get(id);
  }

  add(event: EventRecord, streamName = event.streamName): void {
    const key = idKey(event.id);
    const slot = this.turn % REMEMBERED;
    const oldest = this.ring[slot];
    // one that came again since is not the oldest
    if (oldest !== undefined && this.places.get(oldest)?.turn === this.turn - REMEMBERED) this.places.delete(oldest);
    this.ring[slot] = key;
    this.places.set(key, { streamName, revision: event.revision, turn: this.turn });
    this.turn++;
  }
}
