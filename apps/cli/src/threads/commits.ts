import { BroadcastChannel } from 'node:worker_threads';
import type { Commit, ReadModels } from '#adapters/read-models';

/** All threads of the process hear on it what the projector commits. */
const CHANNEL = 'faultline view commits';

/** Tells the other threads what this one commits. */
export const tellCommits = ({ commits }: Pick<ReadModels, 'commits'>): void => {
  const channel = new BroadcastChannel(CHANNEL);
  commits.subscribe({ next: (commit) => channel.postMessage(commit), complete: () => channel.close() });
};

/** Hears what another thread commits, so that whoever waits for a view here is woken without a look. */
export const hearCommits = ({ commits }: Pick<ReadModels, 'commits'>): void => {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (message) => commits.next((message as { data: Commit }).data);
  channel.unref();
  commits.subscribe({ complete: () => channel.close() });
};
