import { eventStoreLog } from '#adapters/event-store';
import { startEventStoreNode } from '@faultline/embedded-event-store';
import { lampCatalogue } from '#testing';
import { describeEventLog } from './event-log.contract.js';

/** `EVENTSTORE_URI=esdb://… npm test -- test/contract/event-store` asks any server; without it, the embedded node. */
const { EVENTSTORE_URI } = process.env;

describeEventLog(EVENTSTORE_URI ? 'The EventStoreDB of EVENTSTORE_URI' : 'The embedded event store', async () => {
  const node = EVENTSTORE_URI ? undefined : await startEventStoreNode({ security: 'insecure', thread: 'same' });
  const log = eventStoreLog({ connectionString: EVENTSTORE_URI ?? (node?.connectionString as string), catalogue: lampCatalogue });
  return {
    log,
    close: async () => {
      await log.dispose();
      await node?.stop();
    },
  };
});
