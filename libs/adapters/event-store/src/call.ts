/** A call of the driver that hands over messages, as a Node.js stream: a read, which is cancelled, or a subscription, which is left. */
export type Call = {
  iterator(options: { destroyOnReturn: boolean }): AsyncIterable<unknown>;
  push(message: unknown): boolean;
  resume(): unknown;
  on(event: 'error', listener: () => void): unknown;
} & ({ cancel(): Promise<void> } | { unsubscribe(): Promise<void> });

const nothing = () => undefined;

/**
 * The messages of a call, one by one, at the pace of whoever takes them. It ends with the call, or quietly on any of the signals, or when
 * it is left; however it ends, the call is freed.
 */
export async function* messagesOf<Message>(call: Call, signals: readonly AbortSignal[]): AsyncGenerator<Message> {
  // the driver can still report an error when nobody listens any more, and an error event that nobody hears ends the process
  call.on('error', nothing);
  const isOver = () => signals.some(({ aborted }) => aborted);
  const leave = () => void ('cancel' in call ? call.cancel() : call.unsubscribe()).catch(nothing);
  // the server is told at once, whoever is busy with a message; whoever waits for one is woken by one
  const over = () => {
    call.push('over');
    leave();
  };
  for (const signal of signals) signal.addEventListener('abort', over);
  try {
    for await (const message of call.iterator({ destroyOnReturn: false })) {
      if (isOver()) return;
      yield message as Message;
    }
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', over);
    leave();
    // it may have ended already, with messages on their way: only when they are read does the driver let go of it
    call.resume();
  }
}
