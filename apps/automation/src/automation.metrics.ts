import { Counter, Histogram, type Registry } from 'prom-client';
import type { AutomationObserver } from './automation.observer.js';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * What the automation role of this process does, for Prometheus.
 * @returns the observer that feeds them: `automation.observe(automationMetrics(registry))`
 */
export const automationMetrics = (registry: Registry): AutomationObserver => {
  const registers = [registry];
  const rung = new Counter({
    name: 'faultline_alarms_total',
    help: 'Timers and notices that were due and dealt with',
    labelNames: ['kind'] as const,
    registers,
  });
  const sent = new Counter({
    name: 'faultline_notices_total',
    help: 'Attempts to send a notice, by channel and outcome',
    labelNames: ['channel', 'outcome'] as const,
    registers,
  });
  const failures = new Counter({
    name: 'faultline_automation_failures_total',
    help: 'Attempts that failed and are made again',
    labelNames: ['what'] as const,
    registers,
  });
  const parked = new Counter({ name: 'faultline_automation_parked_total', help: 'Events put aside for a person to look at', registers });
  const reacted = new Histogram({
    name: 'faultline_reaction_seconds',
    help: 'How long it took to do what follows from the events of one incident that came together',
    buckets: SECONDS,
    registers,
  });
  return {
    rung: (kind, count) => rung.inc({ kind }, count),
    sent: (channel) => sent.inc({ channel, outcome: 'sent' }),
    notSent: (channel) => sent.inc({ channel, outcome: 'failed' }),
    failed: (what) => failures.inc({ what }),
    parked: () => parked.inc(),
    reacted: (_events, seconds) => reacted.observe(seconds),
  };
};
