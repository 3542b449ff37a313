import { derivedId, type Actor, type Event, type EventMetadata, type Recorded } from '#kernel';
import { MONDAY_MORNING } from './fixed-clock.js';

/** Somebody at the service desk. */
export const AGENT: Actor = { kind: 'person', id: 'agent-1', name: 'Ada', roles: ['agent'] };

export type RecordedOverrides = Readonly<{
  streamName?: string;
  /** Of the first event; the others follow. */
  revision?: bigint;
  /** Of the first event; the others follow. */
  position?: bigint;
  /** Of the first event, ISO 8601, UTC; each further one is recorded a minute later. */
  recordedAt?: string;
  /** Of all of them, where they did not happen when they were recorded: ISO 8601, UTC. */
  occurredAt?: string;
  metadata?: Partial<EventMetadata>;
}>;

const MINUTE_MS = 60_000;

/** Events as the log would hand them over: ids, places, times and actor are plausible, and the same ones every time. */
export const recorded = <E extends Event>(events: readonly E[], overrides: RecordedOverrides = {}): Recorded<E>[] => {
  const { streamName = 'incident-1', revision: first = 0n, position: start = 100n, recordedAt: since = MONDAY_MORNING } = overrides;
  return events.map((event, n) => {
    const revision = first + BigInt(n);
    const position = start + BigInt(n) * 100n;
    const recordedAt = new Date(Date.parse(since) + n * MINUTE_MS).toISOString();
    const commandId = derivedId('command', streamName, String(revision));
    const { occurredAt = overrides.metadata?.occurredAt } = overrides;
    const metadata: EventMetadata = {
      $correlationId: commandId,
      $causationId: commandId,
      actor: AGENT,
      commandId,
      schemaVersion: 1,
      ...overrides.metadata,
      ...(occurredAt && { occurredAt }),
    };
    const id = derivedId('event', commandId);
    return { ...event, id, streamName, revision, position, recordedAt, occurredAt: occurredAt ?? recordedAt, metadata } as Recorded<E>;
  });
};
