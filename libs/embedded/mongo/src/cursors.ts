import { randomBytes } from 'node:crypto';
import { RawValue, MAX_DOCUMENT_BYTES } from './bson/raw.js';
import { CommandError } from './errors.js';
import { drain, type Source } from './query/source.js';
import type { Patience } from './slices.js';

/** A cursor that nobody has asked for so long is closed, as on a real server; in milliseconds. */
const IDLE_MS = 600_000;
const LOOK_MS = 30_000;
/** Cursors that may be open at a time, over all clients. */
const MAX_CURSORS = 10_000;
/** Documents of a first batch, where the client names no number. */
const FIRST_BATCH = 101;

export interface CursorOptions {
  namespace: string;
  source: Source;
  /** Who may read on: the user, by name, who began. */
  user: string | undefined;
  session: string | undefined;
  /** @throws CommandError QueryPlanKilled, where what the cursor reads from is gone */
  check: () => void;
  /** It may be left open without a limit of time. */
  patient: boolean;
}

interface Cursor extends CursorOptions {
  id: bigint;
  /** A document that did not fit into the last batch. */
  held: RawValue | undefined;
  lastUsedAt: number;
  busy: boolean;
}

/** Documents of one batch; `id` is 0 where there are no more. */
export interface Batch {
  id: bigint;
  documents: readonly RawValue[];
}

const newId = (): bigint => (randomBytes(8).readBigInt64LE() & 0x7fff_ffff_ffff_ffffn) | 1n;

/** Results that clients read in batches. */
export class Cursors {
  readonly #open = new Map<bigint, Cursor>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly idleMs = IDLE_MS) {
    this.#timer = setInterval(() => this.#closeIdle(), Math.min(LOOK_MS, idleMs));
    this.#timer.unref();
  }

  get open(): number {
    return this.#open.size;
  }

  /**
   * The first batch; what remains stays open.
   * @throws CommandError from the query; Location2 where too many cursors are open
   */
  async begin(options: CursorOptions, batchSize: number | undefined, single: boolean, patience: Patience): Promise<Batch> {
    const cursor: Cursor = { ...options, id: newId(), held: undefined, lastUsedAt: Date.now(), busy: true };
    const { documents, more } = await read(cursor, batchSize ?? FIRST_BATCH, patience);
    cursor.busy = false;
    if (!more || single) return { id: 0n, documents };
    if (this.#open.size >= MAX_CURSORS) throw new CommandError('BadValue', `No more than ${MAX_CURSORS} cursors can be open at a time`);
    this.#open.set(cursor.id, cursor);
    return { id: cursor.id, documents };
  }

  /** @throws CommandError CursorNotFound, Unauthorized, CursorInUse, QueryPlanKilled; what ends the cursor otherwise */
  async next(id: bigint, namespace: string, user: string | undefined, batchSize: number | undefined, patience: Patience): Promise<Batch> {
    const cursor = this.#find(id, namespace, user);
    if (cursor.busy) throw new CommandError('CursorInUse', `cursor id ${id} is already in use`);
    cursor.busy = true;
    try {
      cursor.check();
      const { documents, more } = await read(cursor, batchSize === undefined || batchSize === 0 ? Infinity : batchSize, patience);
      if (!more) this.#open.delete(id);
      return { id: more ? id : 0n, documents };
    } catch (error) {
      this.#open.delete(id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.lastUsedAt = Date.now();
    }
  }

  /** Closes it; answers whether there was one. @throws CommandError Unauthorized */
  kill(id: bigint, namespace: string, user: string | undefined): boolean {
    const cursor = this.#open.get(id);
    if (cursor?.namespace !== namespace) return false;
    this.#find(id, namespace, user);
    return this.#open.delete(id);
  }

  /** Closes those of a session, or of every session. */
  killOfSession(session?: string): void {
    for (const cursor of this.#open.values())
      if (cursor.session !== undefined && (session === undefined || cursor.session === session)) this.#open.delete(cursor.id);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#open.clear();
  }

  #find(id: bigint, namespace: string, user: string | undefined): Cursor {
    const cursor = this.#open.get(id);
    if (!cursor) throw new CommandError('CursorNotFound', `cursor id ${id} not found`);
    if (cursor.namespace !== namespace)
      throw new CommandError(
        'Unauthorized',
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    if (cursor.user !== user) throw new CommandError('Unauthorized', `cursor id ${id} was not created by the authenticated user`);
    return cursor;
  }

  #closeIdle(): void {
    const before = Date.now() - this.idleMs;
    for (const { id, patient, busy, lastUsedAt } of this.#open.values())
      if (!patient && !busy && lastUsedAt < before) this.#open.delete(id);
  }
}

/** Reads at most so many documents, and no more than fit into one reply. */
const read = async (cursor: Cursor, most: number, patience: Patience): Promise<{ documents: RawValue[]; more: boolean }> => {
  const documents: RawValue[] = [];
  if (most === 0) return { documents, more: true };
  let bytes = 0;
  if (cursor.held) {
    documents.push(cursor.held);
    bytes = cursor.held.length;
    cursor.held = undefined;
    if (documents.length === most) return { documents, more: true };
  }
  const take = (document: RawValue): boolean => {
    if (documents.length > 0 && bytes + document.length > MAX_DOCUMENT_BYTES) {
      cursor.held = document;
      return false;
    }
    bytes += document.length;
    return documents.push(document) < most;
  };
  const none = await drain(cursor.source, take, patience);
  return { documents, more: !none || cursor.held !== undefined };
};
