/** Levenshtein's distance: how many letters to add, drop or change. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const [dropped, added, kept] = [row[j], next[j - 1], row[j - 1]] as [number, number, number];
      next.push(Math.min(dropped + 1, added + 1, kept + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] as number;
};

/** The one that was most likely meant; `undefined` where none is near (more than a third of its letters differ). */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const [best] = known.map((candidate) => ({ candidate, far: distance(word, candidate) })).sort((a, b) => a.far - b.far);
  return best && best.far <= best.candidate.length / 3 ? best.candidate : undefined;
};
