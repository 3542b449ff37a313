import { expect, it } from '@jest/globals';
import { consoleChannel } from './console-channel.js';
import { notice } from './notice.fixture.js';

it('writes a notice down, and lets nothing in it look like another line, or drive the terminal', async () => {
  const written: string[] = [];
  const channel = consoleChannel((text) => written.push(text));
  const receipt = await channel.send({ ...notice, subject: 'Works?\nupdate to mallory: no', text: 'First\n\n\u001b[2Jsecond\r\nthird' });
  expect(receipt).toEqual({ reference: notice.noticeId, answer: 'written' });
  expect(written).toEqual(['update to lena@example.org: Works? update to mallory: no\n  First\n\n  [2Jsecond\n  third']);
});
