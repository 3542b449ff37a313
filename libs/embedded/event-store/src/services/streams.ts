import { append, deleteStream, tombstoneStream } from './append.js';
import { batchAppend } from './batch-append.js';
import type { NodeContext, Service } from './node-services.js';
import { read } from './read.js';

/** `Streams`: the events themselves. */
export const streamsService = (context: NodeContext): Service => ({
  Append: append(context),
  BatchAppend: batchAppend(context),
  Delete: deleteStream(context),
  Read: read(context),
  Tombstone: tombstoneStream(context),
});
