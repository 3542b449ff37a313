import type { EventLog } from '../log/event-log.js';
import { idKey } from '../log/recent-ids.js';
import { revisionText } from '../log/revision.js';
import { systemEvent, type Writing } from '../log/writing.js';
import { firstVisible } from '../services/links.js';
import type { ResolvedEvent } from '../wire/read-responses.js';
import { parkedStream, record, setMetadata } from './bookkeeping.js';
import type { Message } from './message.js';
import { Progress } from './progress.js';
import type { PinOf } from './source.js';

/** What a parked message links to: the event, or what a link that leads nowhere says. */
const linkTo = ({ event, link }: ResolvedEvent): string =>
  event ? `${revisionText(event.revision)}@${event.streamName}` : (link?.data.toString() ?? '');

/**
 * The messages that a group gave up, as links in a stream of their own, until they are replayed. A message that is replayed stays parked
 * until it is done, so that none is lost on the way.
 */
export class ParkedMessages {
  readonly streamName: string;
  private readonly progress = new Progress();
  /** The next message to be replayed, and the one that is not replayed any more. */
  private next: number;
  private until: number;
  private truncated: number;

  constructor(
    private readonly log: EventLog,
    private readonly writing: Writing,
    sourceName: string,
    groupName: string,
  ) {
    this.streamName = parkedStream(sourceName, groupName);
    this.truncated = firstVisible(log, this.streamName);
    this.next = this.until = Math.min(this.truncated, log.lastRevision(this.streamName) + 1);
  }

  /** How many are parked and not replayed. */
  get count(): number {
    return Math.max(0, this.log.lastRevision(this.streamName) + 1 - this.next);
  }

  /** Resolves when the message is on disk. */
  async park(event: ResolvedEvent, reason: string): Promise<void> {
    const subscriptionEventNumber = (event.link ?? event.event)?.revision ?? 0;
    const metadata = JSON.stringify({ added: new Date().toISOString(), reason, subscriptionEventNumber });
    const link = { ...systemEvent('$>', linkTo(event)), isJson: false, customMetadata: Buffer.from(metadata) };
    await record(this.writing, this.streamName, link);
  }

  /** Begins to replay what is parked now. @param stopAt the first that stays parked */
  replay(stopAt: number | undefined): void {
    const end = this.log.lastRevision(this.streamName) + 1;
    this.until = Math.max(this.until, Math.min(stopAt ?? end, end));
  }

  /** Hands over the next messages to be replayed, at most so many. @throws DataDamaged */
  read(limit: number, pinOf: PinOf, take: (message: Message) => void): void {
    const wanted = Math.min(limit, this.until - this.next);
    if (wanted <= 0) return;
    for (const position of this.log.positionsOf(this.streamName, { from: this.next, limit: wanted })) {
      const link = this.log.at(position);
      const order = link.revision;
      const place = { order, before: order - 1, isReplayed: true, isLive: false };
      const message: Message = { id: idKey(link.id), position, ...place, pin: pinOf(link), retries: 0 };
      this.progress.begin(message);
      take(message);
      this.next = order + 1;
    }
  }

  settle(message: Message): void {
    this.progress.settle(message);
  }

  /** Hides the messages that were replayed and are done. */
  async truncate(): Promise<void> {
    const first = this.progress.through(this.next - 1) + 1;
    if (first <= this.truncated) return;
    this.truncated = first;
    await setMetadata(this.writing, this.streamName, { $tb: first });
  }

  /** Whether all that was replayed is done. */
  get isIdle(): boolean {
    return this.progress.isIdle && this.next === this.until;
  }
}
