import type { RawValue } from '../bson/raw.js';
import { idOf } from '../bson/values.js';
import { keyOf } from '../keys/value-key.js';
import { Slice, type Patience } from '../slices.js';
import type { Filter } from './filter.js';
import type { Accept, Scan } from './scan.js';
import { Sorter, type Sort } from './sort.js';

export type { Accept } from './scan.js';

/**
 * Documents, one by one, in pieces: `run` hands them to `accept` until that answers false, the slice is over, or there are no more; it answers
 * whether there are no more. The next run goes on behind the last document handed over.
 */
export interface Source {
  run(accept: Accept, slice: Slice): boolean;
}

/** Runs a source until `accept` has enough or there are no more, giving others their turn in between. Answers whether there are no more. */
export const drain = async (source: Source, accept: Accept, patience: Patience): Promise<boolean> => {
  let wanted = true;
  for (;;) {
    if (source.run((document) => (wanted = accept(document)), new Slice())) return true;
    if (!wanted) return false;
    await patience.pause();
  }
};

/** What of a scan matches a filter. */
export class Matching implements Source {
  constructor(
    private readonly scan: Scan,
    private readonly filter: Filter,
  ) {}

  run(accept: Accept, slice: Slice): boolean {
    const { filter } = this;
    return this.scan.run((document) => (!filter.matches(document) || accept(document)) && !slice.isOver());
  }
}

/** Documents that are there already. */
export class Held implements Source {
  #at = 0;

  constructor(private readonly documents: readonly RawValue[]) {}

  run(accept: Accept, slice: Slice): boolean {
    while (this.#at < this.documents.length)
      if (!accept(this.documents[this.#at++] as RawValue) || slice.isOver()) return this.#at === this.documents.length;
    return true;
  }
}

/** Takes all that comes, then gives it on in another form. */
export abstract class Blocking implements Source {
  #result: Source | undefined;

  constructor(private readonly from: Source) {}

  protected abstract take(document: RawValue): void;
  protected abstract finish(): Source;

  run(accept: Accept, slice: Slice): boolean {
    if (!this.#result) {
      const all = this.from.run((document) => {
        this.take(document);
        return !slice.isOver();
      }, slice);
      if (!all) return false;
      this.#result = this.finish();
    }
    return this.#result.run(accept, slice);
  }
}

export class Sorting extends Blocking {
  readonly #sorter: Sorter;

  constructor(from: Source, sort: Sort, limit?: number) {
    super(from);
    this.#sorter = new Sorter(sort, limit);
  }

  protected take(document: RawValue): void {
    this.#sorter.add(document);
  }

  protected finish(): Source {
    return new Held(this.#sorter.sorted());
  }
}

export class Skipping implements Source {
  constructor(
    private readonly from: Source,
    private left: number,
  ) {}

  run(accept: Accept, slice: Slice): boolean {
    return this.from.run((document) => {
      if (this.left === 0) return accept(document);
      this.left--;
      return !slice.isOver();
    }, slice);
  }
}

export class Limiting implements Source {
  constructor(
    private readonly from: Source,
    private left: number,
  ) {}

  run(accept: Accept, slice: Slice): boolean {
    if (this.left === 0) return true;
    const none = this.from.run((document) => {
      this.left--;
      return accept(document) && this.left > 0;
    }, slice);
    return none || this.left === 0;
  }
}

/** Each document in another form. */
export class Mapping implements Source {
  constructor(
    private readonly from: Source,
    private readonly map: (document: RawValue) => RawValue,
  ) {}

  run(accept: Accept, slice: Slice): boolean {
    return this.from.run((document) => accept(this.map(document)), slice);
  }
}

/** What of another source matches a filter. */
export class Filtering implements Source {
  constructor(
    private readonly from: Source,
    private readonly filter: Filter,
  ) {}

  run(accept: Accept, slice: Slice): boolean {
    return this.from.run((document) => (!this.filter.matches(document) || accept(document)) && !slice.isOver(), slice);
  }
}

/** Several documents, or none, for each. */
export class Unfolding implements Source {
  #pending: readonly RawValue[] = [];
  #at = 0;
  #exhausted = false;

  constructor(
    private readonly from: Source,
    private readonly unfold: (document: RawValue) => readonly RawValue[],
  ) {}

  run(accept: Accept, slice: Slice): boolean {
    let wanted = this.#drain(accept);
    while (wanted && !this.#exhausted) {
      this.#exhausted = this.from.run((document) => {
        this.#pending = this.unfold(document);
        this.#at = 0;
        return (wanted = this.#drain(accept)) && !slice.isOver();
      }, slice);
      if (slice.isOver()) break;
    }
    return this.#exhausted && this.#at >= this.#pending.length;
  }

  #drain(accept: Accept): boolean {
    while (this.#at < this.#pending.length) if (!accept(this.#pending[this.#at++] as RawValue)) return false;
    return true;
  }
}

/** One source after another. */
export class Chain implements Source {
  #at = 0;

  constructor(private readonly sources: readonly Source[]) {}

  run(accept: Accept, slice: Slice): boolean {
    let wanted = true;
    const take: Accept = (document) => (wanted = accept(document));
    for (; this.#at < this.sources.length; this.#at++) if (!(this.sources[this.#at] as Source).run(take, slice) || !wanted) return false;
    return true;
  }
}

/** Each document once, by its `_id`, though several accesses give it. */
export class Once implements Source {
  readonly #seen = new Set<string>();

  constructor(private readonly from: Source) {}

  run(accept: Accept, slice: Slice): boolean {
    return this.from.run((document) => {
      const id = keyOf(idOf(document) as RawValue).toString('latin1');
      if (this.#seen.has(id)) return !slice.isOver();
      this.#seen.add(id);
      return accept(document);
    }, slice);
  }
}

/** All that a source gives, at once. */
export const collect = (source: Source): RawValue[] => {
  const documents: RawValue[] = [];
  const forever = new Slice(Infinity);
  while (!source.run((document) => documents.push(document) > 0, forever));
  return documents;
};
