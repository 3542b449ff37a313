export { MAX_APPEND_BYTES } from './appending.js';
export { eventStoreLog, type EventStoreCheck, type EventStoreLog, type EventStoreLogOptions } from './event-store-log.js';
export { MAX_STREAM_NAME_LENGTH } from './stream-name.js';
export type { OnInterruption } from './resuming.js';
