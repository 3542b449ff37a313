import type { EventPlace } from './append-decision.js';
import type { EventRecord } from './record.js';

/** How many of the latest events are remembered. */
const REMEMBERED = 65_536;

/** An event's id as a key, short and quickly made. */
export const idKey = (id: Buffer): string => id.toString('latin1');

/** Where the latest events stand, by id: for appends that name no revision and are sent again. */
export class RecentIds {
  private readonly places = new Map<string, EventPlace>();

  get size(): number {
    return this.places.size;
  }

  get(id: string): EventPlace | undefined {
    return this.places.get(id);
  }

  add(event: EventRecord, streamName = event.streamName): void {
    const key = idKey(event.id);
    this.places.delete(key);
    this.places.set(key, { streamName, revision: event.revision });
    if (this.places.size <= REMEMBERED) return;
    const [oldest] = this.places.keys();
    this.places.delete(oldest as string);
  }
}
