import type { ServerCall } from '../grpc/call.js';
import type { RpcError } from '../grpc/status.js';
import type { IdForm, ResolvedEvent } from '../wire/read-responses.js';
import { writeEvent } from '../wire/read-responses.js';
import { AnswerTimes, RateMeter } from './measurements.js';
import type { Message } from './message.js';

export type ConsumerOptions = Readonly<{
  username: string;
  connectionName: string;
  /** How many messages may be with it at once. */
  bufferSize: number;
  idForm: IdForm;
  mayRead: (streamName: string) => boolean;
}>;

let ids = 0;

/** One connected member of a group, and the messages that are with it. */
export class Consumer {
  readonly id = `consumer-${++ids}`;
  readonly rate = new RateMeter();
  readonly answerTimes = new AnswerTimes();
  /** What was handed to it and not answered, with the time it was. */
  readonly inFlight = new Map<string, Readonly<{ message: Message; sentAt: number }>>();
  private isWaiting = false;

  constructor(
    private readonly call: ServerCall,
    readonly options: ConsumerOptions,
  ) {}

  /** It may have more messages, and takes them. */
  get hasRoom(): boolean {
    return this.availableSlots > 0 && !this.isWaiting && !this.call.isOver;
  }

  get availableSlots(): number {
    return this.options.bufferSize - this.inFlight.size;
  }

  /** @param onRoom told when it takes more, where it took no more for a while */
  send(message: Message, event: ResolvedEvent, onRoom: () => void): void {
    const { out } = this.call;
    writeEvent(out, event, this.options.idForm, message.retries);
    out.flushSoon();
    this.inFlight.set(message.id, { message, sentAt: performance.now() });
    this.rate.count();
    if (this.isWaiting || !out.isFull) return;
    this.isWaiting = true;
    void out.drained().then(() => {
      this.isWaiting = false;
      onRoom();
    });
  }

  /** Takes a message off it, answered or not. */
  release(id: string): void {
    const sent = this.inFlight.get(id);
    if (!sent) return;
    this.inFlight.delete(id);
    this.answerTimes.add(performance.now() - sent.sentAt);
  }

  drop(reason: RpcError): void {
    this.call.fail(reason);
  }
}
