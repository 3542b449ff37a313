export { Automation, type AutomationOptions } from './automation.js';
export { automationHealth, type AlarmsHealth, type AutomationHealth } from './automation-health.js';
export { automationMetrics } from './automation.metrics.js';
export { AutomationModule } from './automation.module.js';
export type { AutomationObserver } from './automation.observer.js';
export type { ConfirmationLinks } from './notices/outbox.js';
export { sweepCatalogue } from './sweeps/sweep.js';
export { systemTime, type Time } from './time.js';
export { AUTOMATION_GROUP } from './reactions/reactor.js';
