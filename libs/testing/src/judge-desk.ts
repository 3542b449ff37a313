import { happened, type Decided, type Event, type EventMetadata, type Recorded } from '#kernel';
import { AGENT } from './recorded.js';

/** A judge of what time does: what it remembers, what it has to say at an instant, and when it wants to be asked next. */
export type Judge<State, E extends Event> = Readonly<{
  evolve: (state: State | undefined, event: Recorded<E>) => State | undefined;
  judge: (state: State | undefined, nowMs: number) => readonly Decided<E>[];
  next: (state: State) => string | undefined;
  /** How an event reads in `said`. */
  words: (event: E, occurredAt: string) => string;
}>;

const iso = (instant: string | number): string => new Date(instant).toISOString();

/**
 * One stream before a judge: what happens is told, and the judge is asked at every event and at every instant it named. What it says happens
 * too. Asked again at the same instant it must have nothing to add: that is settled.
 */
export class JudgeDesk<State, E extends Event> {
  state: State | undefined;
  readonly said: string[] = [];
  #revision = 0n;

  constructor(private readonly parts: Judge<State, E>) {}

  /** Something happens, at an instant behind all that was told before. */
  tell(instant: string, event: E): this {
    this.until(iso(Date.parse(instant) - 1));
    this.#record(event, iso(instant));
    return this.judge(instant);
  }

  /** Nothing happens until an instant, inclusive. */
  until(instant: string): this {
    for (;;) {
      const next = this.state && this.parts.next(this.state);
      if (next === undefined || Date.parse(next) > Date.parse(instant)) return this;
      this.judge(next);
      if (this.state && this.parts.next(this.state) === next) throw new Error(`Asked at ${next}, the judge wants to be asked then again`);
    }
  }

  /** Asks the judge, however late. */
  judge(instant: string): this {
    const nowMs = Date.parse(instant);
    for (const verdict of this.parts.judge(this.state, nowMs)) {
      const { event, occurredAt } = happened(verdict, iso(nowMs));
      this.#record(event, occurredAt);
      this.said.push(this.parts.words(event, occurredAt));
    }
    const more = this.parts.judge(this.state, nowMs);
    if (more.length > 0) throw new Error(`Asked again at ${instant}, the judge goes on: ${JSON.stringify(more)}`);
    return this;
  }

  /** What the judge has said since it was asked for last. */
  says(): string[] {
    return this.said.splice(0);
  }

  #record(event: E, occurredAt: string): void {
    const metadata = { actor: AGENT } as EventMetadata;
    this.state = this.parts.evolve(this.state, { ...event, occurredAt, revision: this.#revision++, metadata } as unknown as Recorded<E>);
  }
}
