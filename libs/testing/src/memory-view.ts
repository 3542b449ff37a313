import type { BatchWrites, DocumentOutput, Folded, FoldedWrite, IncrementWrite, LineOutput } from '#kernel';

type Counters = Readonly<{ key: Readonly<Record<string, unknown>>; counts: Readonly<Record<string, number>>; position: bigint }>;

/** Everything that a view holds, by collection-and-id, or by id. */
export type ViewContents<Doc> = Readonly<{
  documents: ReadonlyMap<string, Folded<Doc>>;
  outputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  counters: ReadonlyMap<string, Counters>;
}>;

/** One write to one document: what can be there, or not, after a crash. */
type Write = () => void;

/**
 * A view's collections in memory, with the guards that the database adapter has: a line is written once, an increment counts once, a
 * folded document never goes back. `writesOf` gives a batch's writes one by one, in the order they are made, so that a test can stop between any two.
 */
export const memoryView = <Doc extends object>() => {
  const documents = new Map<string, Folded<Doc>>();
  const outputs = new Map<string, Readonly<Record<string, unknown>>>();
  const counters = new Map<string, Counters>();
  const place = ({ collection, id }: { collection: string; id: string }) => `${collection}/${id}`;

  const insertLine = (line: LineOutput) => {
    if (!outputs.has(place(line))) outputs.set(place(line), line.document);
  };

  const setOutput = (output: DocumentOutput) => outputs.set(place(output), output.document);

  const increment = (write: IncrementWrite) => {
    const was = counters.get(place(write));
    if (was && was.position >= write.position) return;
    const counts: Record<string, number> = { ...was?.counts };
    for (const [counter, amount] of Object.entries(write.by)) counts[counter] = (counts[counter] ?? 0) + amount;
    counters.set(place(write), { key: was?.key ?? write.key, counts, position: write.position });
  };

  const setDocument = ({ id, document, stamp }: FoldedWrite<Doc>) => {
    const was = documents.get(id)?.stamp;
    if (!was || was.revision < stamp.revision) documents.set(id, { document, stamp });
  };

  return {
    contents: { documents, outputs, counters } satisfies ViewContents<Doc>,
    writesOf: (batch: BatchWrites<Doc>): Write[] => [
      ...batch.lines.map((line) => () => insertLine(line)),
      ...batch.outputs.map((output) => () => void setOutput(output)),
      ...batch.increments.map((write) => () => increment(write)),
      ...batch.documents.map((write) => () => setDocument(write)),
    ],
  };
};
