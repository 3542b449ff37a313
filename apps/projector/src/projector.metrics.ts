import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ProjectorObserver } from './projector.observer.js';
import type { ViewStatus } from './view-status.js';

const BATCH_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Metrics of the views for Prometheus, in a registry; `status` is asked at each scrape. Positions above 2^53 lose their last digits here,
 * which a graph does not show.
 * @returns the observer that feeds them: `projector.observe(projectorMetrics(registry, () => projector.status()))`
 */
export const projectorMetrics = (registry: Registry, status: () => readonly ViewStatus[]): ProjectorObserver => {
  const common = { labelNames: ['view'] as const, registers: [registry] };
  const gauge = (name: string, help: string, valueOf: (view: ViewStatus) => number) =>
    new Gauge({
      ...common,
      name,
      help,
      collect() {
        for (const view of status()) this.set({ view: view.view }, valueOf(view));
      },
    });
  gauge('faultline_view_position', 'The log position up to which every event is in the view', ({ position }) => Number(position));
  gauge('faultline_view_lag_positions', 'Distance of the view to the end of the log, in log positions', ({ lag }) => Number(lag.positions));
  gauge('faultline_view_lag_events', 'Events that have arrived and are not in the view yet', ({ lag }) => lag.events);
  gauge('faultline_view_lag_seconds', 'Age of the oldest event that has arrived and is not in the view', ({ lag }) => lag.seconds);
  gauge('faultline_view_halted', '1 where the view cannot take an event and stays there', ({ state }) => Number(state === 'halted'));

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
