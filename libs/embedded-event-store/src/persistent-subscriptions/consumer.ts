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

  constructor(
    private readonly call: ServerCall,
    readonly options: ConsumerOptions,
  ) {}

  get hasRoom(): boolean {
    return this.availableSlots > 0 && !this.call.isOver;
  }

  get availableSlots(): number {
    return this.options.bufferSize - this.inFlight.size;
  }

  send(message: Message, event: ResolvedEvent): void {
    writeEvent(this.call.out, event, this.options.idForm, message.retries);
    this.call.out.flushSoon();
    this.inFlight.set(message.id, { message, sentAt: performance.now() });
    this.rate.count();
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
