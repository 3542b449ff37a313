import { NOTICE_LIMITS } from './limits.js';
import { isCombinable, type NoticeDataOf } from './notice.js';
import type { FactsOf } from './occasions.js';

/** What a digest reads of a notice that was held. */
export type HeldNotice = Pick<NoticeDataOf<'NoticeQueued'>, 'noticeId' | 'incidentId' | 'kind' | 'confirmation' | 'subject' | 'text'>;

export type Digest = Readonly<{
  /** The notices it takes in, in their order. */
  combines: readonly string[];
  /** The one incident that all of them are about; `null` where there are several. */
  incidentId: string | null;
  /** What a template of the occasion `digest` is rendered with. */
  facts: FactsOf<'digest'>;
}>;

/** From here on a digest lists subjects only, in characters: who was away for long reads on in the incidents. */
const WHOLE_TEXTS = 20_000;

const RULE = `\n\n${'-'.repeat(40)}\n\n`;

/**
 * Several held updates as one text, oldest first as they are given; `undefined` where there are fewer than two to combine. Pages, notices that
 * ask for an answer, and whatever lies beyond the 100th stay by themselves: `combines` says which ones are in.
 */
export const digestOf = (notices: readonly HeldNotice[]): Digest | undefined => {
  const taken = notices.filter(isCombinable).slice(0, NOTICE_LIMITS.combined);
  if (taken.length < 2) return undefined;

  const [whole, listed]: [string[], string[]] = [[], []];
  let length = 0;
  for (const { subject, text } of taken) {
    length += subject.length + text.length;
    if (length <= WHOLE_TEXTS) whole.push(`${subject}\n\n${text.trim()}`);
    else listed.push(`- ${subject}`);
  }
  const incidents = new Set(taken.map(({ incidentId }) => incidentId));
  return {
    combines: taken.map(({ noticeId }) => noticeId),
    incidentId: incidents.size === 1 ? (taken[0]?.incidentId ?? null) : null,
    facts: { count: String(taken.length), updates: [...whole, ...(listed.length > 0 ? [listed.join('\n')] : [])].join(RULE) },
  };
};
