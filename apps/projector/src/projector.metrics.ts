import { Counter, Histogram, type Registry } from 'prom-client';
import type { ProjectorObserver } from './projector.observer.js';

const BATCH_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * What the projector of this process does, for Prometheus; how far each view is behind is told by whoever serves the metrics.
 * @returns the observer that feeds them: `projector.observe(projectorMetrics(registry))`
 */
export const projectorMetrics = (registry: Registry): ProjectorObserver => {
  const common = { labelNames: ['view'] as const, registers: [registry] };
  const events = new Counter({ ...common, name: 'faultline_view_events_total', help: 'Events taken into the view' });
  const retries = new Counter({ ...common, name: 'faultline_view_retries_total', help: 'Attempts that failed for want of an engine' });
  const seconds = new Histogram({
    ...common,
    name: 'faultline_view_batch_seconds',
    help: 'How long a batch took, from its first read to its checkpoint',
    buckets: BATCH_SECONDS,
  });

  return {
    committed: ({ view }, batch) => {
      events.inc({ view }, batch.events);
      seconds.observe({ view }, batch.seconds);
    },
    retrying: (view) => retries.inc({ view }),
  };
};
