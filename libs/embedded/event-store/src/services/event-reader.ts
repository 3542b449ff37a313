import type { ServerCall } from '../grpc/call.js';
import type { EventLog } from '../log/event-log.js';
import type { EventRecord } from '../log/record.js';
import type { Principal } from '../security/principal.js';
import type { StreamAccess } from '../security/stream-access.js';
import type { ReadRequest } from '../wire/read-requests.js';
import { writeEvent } from '../wire/read-responses.js';
import { resolved } from './links.js';

/** Who reads, what, and over which call: what reads and subscriptions share. */
export class EventReader {
  private readonly mayRead: (streamName: string) => boolean;

  constructor(
    readonly log: EventLog,
    private readonly call: ServerCall,
    private readonly request: ReadRequest,
    access: StreamAccess,
    principal: Principal,
  ) {
    this.mayRead = (streamName) => access.allows(principal, 'read', streamName);
  }

  /** Nobody reads any more. */
  get isGone(): boolean {
    return this.call.isOver;
  }

  onGone(listener: () => void): void {
    this.call.onClose(listener);
  }

  /** Sends an event. Whoever sends many waits while `isFull`. */
  event(event: EventRecord): void {
    const { resolveLinks, idForm } = this.request;
    writeEvent(this.call.out, resolveLinks ? resolved(this.log, event, this.mayRead) : { event }, idForm);
  }

  message(response: Buffer): void {
    this.call.out.send(response);
  }

  /** What was sent goes out now. */
  flush(): void {
    this.call.out.flush();
  }

  get isFull(): boolean {
    return this.call.out.isFull;
  }

  drained(): Promise<void> {
    return this.call.out.drained();
  }
}
