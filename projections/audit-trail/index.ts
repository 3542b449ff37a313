export { auditTrail, lineId, type AuditLine } from './audit-trail.projection.js';
export * from './audit-trail.query.js';
export type { Change } from './subject.js';
