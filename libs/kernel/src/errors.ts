/**
 * What a refusal means to whoever asked, whatever carries it: each kind maps to one status at the HTTP edge and one exit code on the command line.
 * - `invalid`: the input itself is wrong, in whatever state; - `not-found`: there is no such thing; - `illegal-transition`: the state forbids it;
 * - `stale`: a pinned revision was lost; - `key-reused`: an idempotency key came with another input; - `contended`: lost the race too often, try again;
 * - `unavailable`: an engine cannot be reached, or a view is not there yet: try again.
 */
export type RefusalKind = 'invalid' | 'not-found' | 'illegal-transition' | 'stale' | 'key-reused' | 'contended' | 'unavailable';

/** A refusal with an identity: `code` is for programs and never changes, `message` is for people. */
export abstract class Refusal extends Error {
  abstract readonly kind: RefusalKind;

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One wrong field: where it is (`resolution.code`, `mentions[2]`), and what would be right. */
export type FieldFault = Readonly<{ field: string; message: string }>;

/** Faults as one sentence. */
export const faultsText = (faults: readonly FieldFault[]): string => faults.map(({ field, message }) => `${field} ${message}`).join('; ');

export class InvalidInput extends Refusal {
  readonly kind = 'invalid';

  constructor(
    code: string,
    message: string,
    readonly faults: readonly FieldFault[] = [],
  ) {
    super(code, message);
  }
}

/** A refusal of one field, in whatever state. */
export const wrongField = (code: string, field: string, message: string): InvalidInput =>
  new InvalidInput(code, `${field}: ${message}`, [{ field, message }]);

export class NotFound extends Refusal {
  readonly kind = 'not-found';
}

export class IllegalTransition extends Refusal {
  readonly kind = 'illegal-transition';
}

export class IdempotencyKeyReused extends Refusal {
  readonly kind = 'key-reused';

  constructor() {
    super('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used before with another request: send a new key, or the same request');
  }
}

/** The caller pinned a revision (`If-Match`) and the stream has moved on. `actual` is where it is now; -1 is "no such stream". */
export class StaleRevision extends Refusal {
  readonly kind = 'stale';

  constructor(
    readonly expected: bigint,
    readonly actual: bigint,
  ) {
    super('REVISION_STALE', `It is at revision ${actual}, not ${expected}: read it again and decide anew`);
  }
}

export class Contended extends Refusal {
  readonly kind = 'contended';

  constructor(streamName: string) {
    super('CONTENDED', `Others kept changing ${streamName} meanwhile: try again`);
  }
}

export class Unavailable extends Refusal {
  readonly kind = 'unavailable';
}

/** The log's answer to an append at a revision that is no longer the stream's last. Adapters throw it; command handling settles it. */
export class WrongExpectedRevision extends Error {
  constructor(
    readonly streamName: string,
    readonly expected: bigint,
    readonly actual: bigint,
  ) {
    super(`${streamName} is at revision ${actual}, not ${expected}`);
    this.name = 'WrongExpectedRevision';
  }
}
