import type { AssignmentCircumstances } from '#process-managers/assignment';
import type { ClosureCircumstances } from '#process-managers/closure';
import type { EscalationCircumstances } from '#process-managers/escalation';
import { SITE_ID } from '#kernel';
import type { GravityCircumstances } from '#process-managers/major-incidents';
import { onCallAt } from '#domain/on-call';
import { groupsOf } from '#domain/people';
import type { ServiceLevelCircumstances } from '#process-managers/service-levels';
import {
  ASSIGNMENT_RULES,
  CLOSURE_POLICIES,
  ESCALATION_POLICIES,
  MAJOR_INCIDENT_POLICIES,
  ON_CALL_SCHEDULES,
  PEOPLE,
  SERVICE_LEVEL_POLICIES,
  SERVICES,
  TEAMS,
} from './kinds.js';
import type { SiteDefinitions } from './site-definitions.js';

/** What the judges look up on a site, at one instant. */
export type Circumstances = Readonly<{
  serviceLevels: ServiceLevelCircumstances;
  escalation: EscalationCircumstances;
  assignment: Omit<AssignmentCircumstances, 'workload'>;
  closure: ClosureCircumstances;
  gravity: GravityCircumstances;
}>;

/** The circumstances of a site as it is defined at an instant, in milliseconds since 1970. Costs nothing until something is looked up. */
export const circumstancesOf = (site: SiteDefinitions, nowMs: number): Circumstances => {
  const now = new Date(nowMs).toISOString();
  const people = site.of(PEOPLE);
  const teams = site.of(TEAMS);
  const workingTime = (calendar: string) => site.workingTime(calendar);
  const ofReporter = (person: string) => groupsOf(person, teams, now);
  return {
    serviceLevels: { policies: site.of(SERVICE_LEVEL_POLICIES), workingTime, groupsOf: ofReporter },
    escalation: {
      policies: site.of(ESCALATION_POLICIES),
      workingTime,
      groupsOf: ofReporter,
      onCall: (schedule, instant) => {
        const timeline = site.one(ON_CALL_SCHEDULES, schedule);
        return (timeline && onCallAt(timeline, Date.parse(instant))?.person) ?? null;
      },
      managerOf: (person) => site.inForce(PEOPLE, person, now)?.definition.manager ?? null,
    },
    assignment: { rules: site.one(ASSIGNMENT_RULES, SITE_ID), teams, people },
    closure: { policies: site.of(CLOSURE_POLICIES), workingTime, groupsOf: ofReporter },
    gravity: {
      policies: site.of(MAJOR_INCIDENT_POLICIES),
      groupsOf: ofReporter,
      service: (id) => {
        const service = site.inForce(SERVICES, id, now)?.definition;
        return service && { criticality: service.criticality, dataClass: service.dataClassification };
      },
    },
  };
};
