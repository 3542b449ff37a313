import { asIfRecorded, type Recorded } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import { evolveClocks, nextClockInstant, type IncidentClocks } from './incident-clocks.js';
import { judgeServiceLevels, type ServiceLevelCircumstances } from './judge.js';

/** What our own clocks said of an incident: left out when other policies are tried on its history. */
const OF_CLOCKS: ReadonlySet<string> = new Set(['SlaStarted', 'SlaRescheduled', 'SlaStopped', 'SlaWarned', 'SlaBreached', 'SlaMet']);

/**
 * Plays an incident's history under other circumstances, as if the clocks had been asked at every event and at every due instant: what a
 * draft policy would have done. Nothing is recorded. What the clocks said in fact does not count, nor does it whether the history was
 * brought from elsewhere. Costs one judgement an event, and one a due instant.
 * @param untilMs the end of the play: what would have been due later is not
 */
export const play = async (
  history: AsyncIterable<Recorded<IncidentEvent>>,
  circumstances: ServiceLevelCircumstances,
  untilMs: number,
): Promise<IncidentClocks | undefined> => {
  let state: IncidentClocks | undefined;

  const judge = (nowMs: number) => {
    const asked = state && { ...state, isImported: false };
    const now = new Date(nowMs).toISOString();
    for (const verdict of judgeServiceLevels(asked, circumstances, nowMs)) state = evolveClocks(state, asIfRecorded(verdict, now));
  };
  const ring = (throughMs: number) => {
    for (;;) {
      const next = state && nextClockInstant(state);
      const nextMs = next === undefined ? Infinity : Date.parse(next);
      if (nextMs > throughMs) return;
      judge(nextMs);
    }
  };

  for await (const event of history) {
    if (OF_CLOCKS.has(event.type)) continue;
    const nowMs = Date.parse(event.occurredAt);
    if (nowMs > untilMs) break;
    ring(nowMs - 1);
    state = evolveClocks(state, event);
    judge(nowMs);
  }
  ring(untilMs);
  return state;
};
