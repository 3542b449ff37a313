/** A view has reached a position. For best-effort listeners (live push, metrics): nobody waits for them, and none may rely on it. */
export class ViewCommitted {
  constructor(
    /** The id of its checkpoint, `agent-queue_v1`. */
    readonly view: string,
    readonly position: bigint,
  ) {}
}
