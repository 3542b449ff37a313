export { BuildSuperseded, CheckpointLost, type Checkpoint, type ViewRecord } from './checkpoints.js';
export type { CommitListener, CommitSignals } from './commit-signals.js';
export { connectReadModels, type ReadModels, type ReadModelsCheck, type ReadModelsOptions } from './connection.js';
export { PoisonEvent } from './fold-events.js';
export { viewId, type ViewIdentity } from './names.js';
export { WriteRefused } from './view-generation.js';
export { RECENT_DOCUMENTS, ViewStore, type AnyProjection, type ViewStoreOptions } from './view-store.js';
