import type { Shift } from './shifts.js';
import type { OnCallTimeline } from './timeline.js';

/** Why it is this person, in a sentence: `ada has the turn in layer Weeks`. */
export const whyOnCall = ({ exceptions }: OnCallTimeline, { person, source }: Pick<Shift, 'person' | 'source'>): string => {
  switch (source.kind) {
    case 'rotation':
      return `${person} has the turn in layer ${source.layer}`;
    case 'override':
      return `${person} was put on call by override ${source.overrideId}: ${source.reason}`;
    case 'swap': {
      const swap = exceptions.find((exception) => exception.kind === 'swap' && exception.swapId === source.swapId);
      if (swap?.kind !== 'swap') throw new RangeError(`The schedule has no swap ${source.swapId}`);
      const other = swap.first.person === person ? swap.second.person : swap.first.person;
      return `${person} takes the time of ${other} by swap ${swap.swapId}${swap.reason === undefined ? '' : `: ${swap.reason}`}`;
    }
    default:
      return source satisfies never;
  }
};
