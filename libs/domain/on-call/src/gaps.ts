import { stretches } from './shifts.js';
import { spanText } from './span-text.js';
import type { OnCallTimeline } from './timeline.js';

/** Time in which a schedule is in use and nobody is on call, and that in a sentence. Instants as everywhere; `toMs` is exclusive. */
export type Gap = Readonly<{ fromMs: number; toMs: number; why: string }>;

/** Where nobody is on call between two instants. While a schedule is not in use, nobody has to be. */
export const gaps = (timeline: OnCallTimeline, fromMs: number, toMs: number): Gap[] => {
  const open: { fromMs: number; toMs: number }[] = [];
  for (const stretch of stretches(timeline, fromMs, toMs)) {
    if (stretch.onCall) continue;
    const last = open.at(-1);
    if (last?.toMs === stretch.fromMs) last.toMs = stretch.toMs;
    else open.push({ fromMs: stretch.fromMs, toMs: stretch.toMs });
  }
  return open.map((gap) => ({ ...gap, why: `Nobody is on call ${spanText(timeline, gap.fromMs, gap.toMs)}` }));
};
