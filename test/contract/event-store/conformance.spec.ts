import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startEventStoreNode, type EventStoreNode } from '@faultline/embedded-event-store';

const root = join(import.meta.dirname, '../../..');
const suite = join(root, '../shared/esdb-conformance');

/** What a real server answered was recorded beside the project; where the recordings are, the embedded node is held to them. */
const describeWhereRecorded = existsSync(join(suite, 'golden.json')) ? describe : describe.skip;

describeWhereRecorded('The embedded event store', () => {
  let node: EventStoreNode;
  beforeAll(async () => {
    node = await startEventStoreNode({ security: 'insecure', thread: 'same' });
  });
  afterAll(() => node.stop());

  it('answers as the recorded server did', async () => {
    const args = [join(suite, 'run.mjs'), node.connectionString, '--against', join(suite, 'golden.json')];
    const output = await new Promise<string>((resolve) => execFile(process.execPath, args, { cwd: root }, (_, stdout) => resolve(stdout)));
    expect(output.split('\n').filter((line) => !line.startsWith('same '))).toEqual([expect.stringMatching(/^\d+ passed, 0 failed$/), '']);
  }, 180_000);
});
