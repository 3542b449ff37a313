import { aggregate } from 'mingo';
import { RawValue } from '../bson/raw.js';
import { decode, decodeValue } from '../bson/values.js';
import { writeDocument } from '../bson/writer.js';
import { MINGO_OPTIONS, viaMingo } from '../query/mingo.js';
import { Blocking, Held, type Source } from '../query/source.js';
import type { StageFactory } from './environment.js';
import { MAX_STAGE_BYTES, overMemory } from './group.js';

/** A stage that mingo carries out: it gets all documents, decoded, at once. */
class ViaMingo extends Blocking {
  readonly #documents: RawValue[] = [];
  #bytes = 0;

  constructor(
    from: Source,
    private readonly name: string,
    private readonly operand: unknown,
  ) {
    super(from);
  }

  protected take(document: RawValue): void {
    this.#documents.push(document);
    this.#bytes += document.length;
    if (this.#bytes > MAX_STAGE_BYTES) throw overMemory(this.name);
  }

  protected finish(): Source {
    const stage = { [this.name]: this.operand };
    const results = viaMingo(() => aggregate(this.#documents.map(decode), [stage] as never, MINGO_OPTIONS));
    return new Held(results.map((document) => RawValue.document(writeDocument(document))));
  }
}

export const mingoStage =
  (name: string): StageFactory =>
  (operand) => {
    const decoded = decodeValue(operand);
    return (from) => new ViaMingo(from, name, decoded);
  };
