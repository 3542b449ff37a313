import type { Recorded } from '#kernel';
import type { NoticeEvent, NoticeReceipt } from '#domain/notifications';
import { notices, type NoticeItem } from './notices.projection.js';

/** One attempt to send a notice, and what became of it. */
export type NoticeAttempt = Readonly<{
  /** From 1; they are counted on when it is requeued. */
  attempt: number;
  /** The process that had it. */
  by: string;
  attemptedAt: string;
  /** Until when nobody else takes it. */
  leaseUntil: string;
  /** `null`: nobody has said. It is under way, or its process ended before it could say. */
  outcome: 'sent' | 'failed' | null;
  endedAt: string | null;
  error: string | null;
  receipt: NoticeReceipt | null;
}>;

/** A person had it tried again. */
export type NoticeRequeue = Readonly<{ by: string; reason: string; at: string }>;

/** A notice as its own history tells it, with what its list leaves out; its last event is at `revision` and `position`. */
export type NoticeHistory = Readonly<{
  notice: NoticeItem;
  html: string | null;
  attempts: readonly NoticeAttempt[];
  requeues: readonly NoticeRequeue[];
  revision: bigint;
  position: bigint;
}>;

/**
 * Folds the events of one notice, by the steps that make the view; `undefined` where there are none. What was sent after all, although it
 * had failed before it could say so, counts as sent.
 */
export const noticeHistory = async (events: AsyncIterable<Recorded<NoticeEvent>>): Promise<NoticeHistory | undefined> => {
  let notice: NoticeItem | undefined;
  let html: string | null = null;
  let last = { revision: -1n, position: -1n };
  const attempts = new Map<number, NoticeAttempt>();
  const requeues: NoticeRequeue[] = [];
  const end = (attempt: number, more: Partial<NoticeAttempt>) => {
    const known = attempts.get(attempt);
    if (known) attempts.set(attempt, { ...known, ...more });
  };

  for await (const event of events) {
    notice = notices.on[event.type](notice, event as never);
    last = { revision: event.revision, position: event.position };
    const at = event.occurredAt;
    switch (event.type) {
      case 'NoticeQueued':
        html = event.data.html ?? null;
        break;
      case 'NoticeAttempted': {
        const { attempt, by, leaseUntil } = event.data;
        attempts.set(attempt, { attempt, by, attemptedAt: at, leaseUntil, outcome: null, endedAt: null, error: null, receipt: null });
        break;
      }
      case 'NoticeSent':
        end(event.data.attempt, { outcome: 'sent', endedAt: at, receipt: event.data.receipt });
        break;
      case 'NoticeFailed':
        end(event.data.attempt, { outcome: 'failed', endedAt: at, error: event.data.error });
        break;
      case 'NoticeRequeued':
        requeues.push({ by: event.data.by, reason: event.data.reason, at });
        break;
      case 'NoticeAbandoned':
      case 'NoticeCombined':
        break;
      default:
        event satisfies never;
    }
  }
  return notice && { notice, html, attempts: [...attempts.values()], requeues, ...last };
};
