export { agentQueue, type AgentQueueItem } from './agent-queue.projection.js';
export * from './agent-queue.query.js';
