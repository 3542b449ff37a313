import { lampCatalogue, memoryLog } from '#testing';
import { describeEventLog } from './event-log.contract.js';

describeEventLog('The log in memory', async () => ({
  log: memoryLog({ catalogue: lampCatalogue }),
  close: async () => undefined,
}));
