import { expect, it } from '@jest/globals';
import { handleCommand, NO_STREAM } from '#kernel';
import { collect, commandContext, memoryLog, newEvents } from '#testing';
import { attemptNotice } from './attempt-notice.js';
import { noticeCatalogue, noticeDecider, noticeStream, type NoticeEvent } from './notice.js';
import { STORY } from './golden.fixture.js';

it('of many processes that take a notice at once, one has it', async () => {
  const { noticeId, notBefore: now } = STORY.NoticeQueued;
  const stream = noticeStream(noticeId);
  const log = memoryLog({ catalogue: noticeCatalogue });
  await log.append(stream, NO_STREAM, newEvents(stream, 'queue', { type: 'NoticeQueued', data: STORY.NoticeQueued }));

  const takes = Array.from({ length: 20 }, async (_, n) => {
    let decided: readonly NoticeEvent[] = [];
    const result = await handleCommand(log, noticeDecider, stream, commandContext(`attempt-1-by-${n}`), (notice) => {
      decided = attemptNotice({ noticeId, by: `process-${n}`, now }, notice);
      return decided;
    });
    return result.changed ? decided : [];
  });
  const taken = (await Promise.all(takes)).flat();
  expect(taken).toEqual([expect.objectContaining({ type: 'NoticeAttempted' })]);
  expect((await collect(log.readStream(stream))).map(({ type }) => type)).toEqual(['NoticeQueued', 'NoticeAttempted']);
});
