import { metastreamOf, type EventLog } from '../log/event-log.js';
import type { ProposedEvent } from '../log/record.js';
import { systemEvent, type Writing } from '../log/writing.js';
import { placeOf, placeText } from './settings.js';

/** What a group keeps in streams of its own. */
export const checkpointStream = (streamName: string, groupName: string): string =>
  `$persistentsubscription-${streamName}::${groupName}-checkpoint`;
export const parkedStream = (streamName: string, groupName: string): string => `$persistentsubscription-${streamName}::${groupName}-parked`;

const ADMINISTRATORS_ONLY = { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' };

/** Appends to a stream of the system's. */
export const record = async (writing: Writing, streamName: string, event: ProposedEvent): Promise<void> => {
  const { kind } = await writing.append(streamName, 'any', [event]);
  if (kind !== 'written') throw new Error(`${streamName} cannot be written any more: it was deleted for good`);
};

export const setMetadata = (writing: Writing, streamName: string, properties: object): Promise<void> =>
  record(writing, metastreamOf(streamName), systemEvent('$metadata', JSON.stringify({ ...properties, $acl: ADMINISTRATORS_ONLY })));

/** How far a group is, kept in a stream of its own. */
export class Checkpoints {
  private readonly streamName: string;
  private writes: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: EventLog,
    private readonly writing: Writing,
    private readonly sourceName: string,
    groupName: string,
  ) {
    this.streamName = checkpointStream(sourceName, groupName);
  }

  /** The place through which everything was done; `undefined` where no checkpoint was written. */
  load(): number | undefined {
    // deleted with an earlier group of this name
    const { truncateBefore = 0 } = this.log.metadataOf(this.streamName);
    if (truncateBefore > this.log.lastRevision(this.streamName)) return undefined;
    const event = this.log.lastEvent(this.streamName);
    const place = event && placeOf(JSON.parse(event.data.toString()) as string);
    return typeof place === 'number' ? place : undefined;
  }

  /** Resolves when it is on disk. */
  save(place: number): Promise<void> {
    this.writes = this.writes.then(
      () => this.write(place),
      () => this.write(place),
    );
    return this.writes;
  }

  private async write(place: number): Promise<void> {
    if (this.log.metadataOf(this.streamName).maxCount === undefined) await setMetadata(this.writing, this.streamName, { $maxCount: 2 });
    const text = JSON.stringify(placeText(this.sourceName, place));
    await record(this.writing, this.streamName, systemEvent('SubscriptionCheckpoint', text));
  }
}
