import type { Message } from './message.js';

/**
 * Which messages are not done yet, and so how far everything is. Messages come in order and are done in any: the first that is not done
 * holds the rest back. It takes memory for those alone.
 */
export class Progress {
  private readonly unsettled = new Map<number, Message>();
  private settled = 0;

  /** How many messages were done since the last `reset`. */
  get settledCount(): number {
    return this.settled;
  }

  get isIdle(): boolean {
    return this.unsettled.size === 0;
  }

  begin(message: Message): void {
    this.unsettled.set(message.order, message);
  }

  settle(message: Message): void {
    if (this.unsettled.delete(message.order)) this.settled++;
  }

  /** The place through which everything is done. @param through which place everything was read */
  through(through: number): number {
    const [first] = this.unsettled.values();
    return first ? first.before : through;
  }

  reset(): void {
    this.settled = 0;
  }
}
