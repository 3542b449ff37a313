import { encoded } from '../wire/protobuf.js';
import { unary, type Service } from './node-services.js';

/** Whose behaviour this node has: clients choose their ways by it. */
export const SERVER_VERSION = '23.10.6';

/** What clients look for beside a method's name. */
const FEATURES: Readonly<Record<string, readonly string[]>> = {
  'event_store.client.streams.streams/batchappend': ['deadline_duration'],
  'event_store.client.streams.streams/read': ['position', 'events'],
};
const OF_PERSISTENT_SUBSCRIPTIONS = ['stream', 'all'];

const supportedMethod = (path: string): Buffer => {
  const [service, method] = path.toLowerCase().split('/') as [string, string];
  const isOfGroups = service.endsWith('.persistentsubscriptions');
  const features = isOfGroups ? OF_PERSISTENT_SUBSCRIPTIONS : (FEATURES[`${service}/${method}`] ?? []);
  return encoded.message(1, encoded.text(1, method), encoded.text(2, service), ...features.map((feature) => encoded.text(3, feature)));
};

/** `ServerFeatures`: what is served here, and nothing else. @param paths `service/Method` of all that is */
export const serverFeaturesService = (paths: () => readonly string[]): Service => ({
  GetSupportedMethods: unary(() => Buffer.concat([...paths().map(supportedMethod), encoded.text(2, SERVER_VERSION)])),
});
