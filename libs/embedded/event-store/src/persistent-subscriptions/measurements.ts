/** Counts, and says how many a second it was since it was last asked. */
export class RateMeter {
  private total = 0;
  private askedAt = performance.now();
  private totalThen = 0;

  count(): void {
    this.total++;
  }

  measure(): Readonly<{ total: number; since: number; perSecond: number }> {
    const now = performance.now();
    const since = this.total - this.totalThen;
    const perSecond = now > this.askedAt ? Math.floor((since * 1_000) / (now - this.askedAt)) : 0;
    this.askedAt = now;
    this.totalThen = this.total;
    return { total: this.total, since, perSecond };
  }
}

const KEPT = 1_000;

/** How the measurements are named in the protocol, and where in the sorted times they are found. */
const QUANTILES: readonly (readonly [name: string, share: number])[] = [
  ['Median', 0.5],
  ['Fastest', 0],
  ['Quintile 1', 0.2],
  ['Quintile 2', 0.4],
  ['Quintile 3', 0.6],
  ['Quintile 4', 0.8],
  ['Quintile 5', 1],
  ['90%', 0.9],
  ['95%', 0.95],
  ['99%', 0.99],
  ['99.5%', 0.995],
  ['99.9%', 0.999],
  ['Highest', 1],
];

/** How long answers took lately, in milliseconds. */
export class AnswerTimes {
  private readonly times: number[] = [];
  private next = 0;

  add(ms: number): void {
    this.times[this.next] = ms;
    this.next = (this.next + 1) % KEPT;
  }

  measurements(): readonly (readonly [name: string, ms: number])[] {
    const sorted = [...this.times].sort((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
    const mean = sorted.length === 0 ? 0 : sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length;
    return [['Mean', Math.round(mean)], ...QUANTILES.map(([name, share]) => [name, at(share)] as const)];
  }
}
