import { Presets, SingleBar } from 'cli-progress';
import { Refusal } from '#kernel';

/** Long work, as far as it has come. */
export interface Progress {
  update(value: number, note?: string): void;
  end(): void;
}

const SILENT: Progress = { update: () => undefined, end: () => undefined };

/** JSON, with positions and revisions as the digits they are: they are larger than a double holds exactly. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner), 2);

/** What a command says, and where: its answer on standard output, everything else on standard error. */
export class Terminal {
  constructor(
    /** The answer is one JSON document. */
    readonly json: boolean,
    private readonly stdout: NodeJS.WritableStream = process.stdout,
    private readonly stderr: NodeJS.WriteStream = process.stderr,
  ) {}

  /** The command's answer, for programs as JSON, else for people. */
  answer<Result>(result: Result, asText: (result: Result) => string): void {
    this.stdout.write(`${this.json ? jsonOf(result) : asText(result)}\n`);
  }

  /** A piece of an answer that is too long to be held: it waits for whoever reads. */
  async piece(text: string): Promise<void> {
    if (!this.stdout.write(text)) await new Promise<void>((resolve) => this.stdout.once('drain', resolve));
  }

  /** Something to know meanwhile. */
  note(text: string): void {
    this.stderr.write(`${text}\n`);
  }

  /** A progress bar, where somebody looks at it. */
  progress(title: string, total: number): Progress {
    if (!this.stderr.isTTY || total <= 0) return SILENT;
    const bar = new SingleBar(
      { format: `${title} {bar} {percentage} %  {note}`, stream: this.stderr, hideCursor: true, clearOnComplete: true },
      Presets.shades_classic,
    );
    bar.start(total, 0, { note: '' });
    return { update: (value, note = '') => bar.update(Math.min(value, total), { note }), end: () => bar.stop() };
  }

  /** Why a command ended without an answer: what is wrong, and every field of it. Unforeseen faults show where they come from. */
  failure(error: unknown): void {
    if (error instanceof Refusal) {
      const { code, message } = error;
      const faults = 'faults' in error ? (error.faults as readonly { field: string; message: string }[]) : [];
      if (this.json) this.note(jsonOf({ error: { code, message, ...(faults.length > 0 && { faults }) } }));
      else this.note([`faultline: ${message}`, ...faults.filter(({ field }) => !message.includes(field)).map(fault)].join('\n'));
      return;
    }
    this.note(`faultline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

const fault = ({ field, message }: { field: string; message: string }) => `  ${field}: ${message}`;
