import { eventStoreLog } from '#event-store';
import { lampCatalogue } from '#testing';
import { describeEventLog } from './event-log.contract.js';

const { EVENTSTORE_URI } = process.env;

describeEventLog('An EventStoreDB', async () => {
  const log = eventStoreLog({ connectionString: EVENTSTORE_URI as string, catalogue: lampCatalogue });
  return { log, close: () => log.dispose() };
});
