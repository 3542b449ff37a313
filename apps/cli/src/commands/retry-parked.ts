import { AUTOMATION_GROUP } from '../../../automation/src/index.js';
import { grouped } from '../terminal/table.js';
import { onSite, type Outcome, type Surroundings } from './command.js';

/** `faultline retry-parked`: whatever made them fail is mended, so the events that automation put aside are dealt with after all. */
export const runRetryParked = async (_: object, around: Surroundings): Promise<Outcome> => {
  const answer = await onSite('retry-parked', around, async ({ log }) => {
    const parked = (await log.groupStatus(AUTOMATION_GROUP))?.parked ?? 0;
    if (parked > 0) await log.retryParked(AUTOMATION_GROUP);
    return { retried: parked };
  });
  around.terminal.answer(answer, ({ retried }) =>
    retried === 0 ? 'Nothing is put aside.' : `To be tried again by whichever process runs automation: ${grouped(retried)} events.`,
  );
  return 'done';
};
