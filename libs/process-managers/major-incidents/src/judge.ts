import type { Decided, Recorded } from '#kernel';
import {
  applyingPolicies,
  evolveJudged,
  judgedFrom,
  traitsOf,
  type IncidentEvent,
  type JudgedIncident,
  type Policies,
  type Risk,
} from '#domain/incident';
import type { MajorIncidentPolicy } from './policy.js';

/** What has to be known of an incident to propose it as a major one, and nothing else. */
export type IncidentGravity = JudgedIncident &
  Readonly<{
    isOpen: boolean;
    children: readonly string[];
    risks: readonly Risk[];
    /** It was proposed since it was opened last: once is enough. */
    isProposed: boolean;
  }>;

/** What a judgement looks up: the policies of the site, its services, and who belongs to which groups. */
export type GravityCircumstances = Readonly<{
  policies: Policies<MajorIncidentPolicy>;
  groupsOf: (person: string) => readonly string[];
  /** How critical a service is, and what class of data it holds; `undefined` where nobody has described it. */
  service: (id: string) => Readonly<{ criticality: string; dataClass: string }> | undefined;
}>;

/** What one event changes for the gravity of an incident; nothing is known before the report. */
export const evolveGravity = (state: IncidentGravity | undefined, event: Recorded<IncidentEvent>): IncidentGravity | undefined => {
  if (event.type === 'IncidentReported') {
    return state ?? { ...judgedFrom(event), isOpen: true, children: [], risks: [], isProposed: false };
  }
  if (!state) return state;

  switch (event.type) {
    case 'IncidentPrioritized':
      return { ...evolveJudged(state, event), risks: event.data.risks };
    case 'IncidentCategorized':
    case 'IncidentAssigned':
    case 'MajorIncidentDeclared':
    case 'MajorIncidentStoodDown':
    case 'FactCorrected':
      return evolveJudged(state, event);
    case 'MajorIncidentProposed':
      return { ...state, isProposed: true };
    case 'IncidentLinked':
      return event.data.kind === 'child' ? { ...state, children: [...state.children, event.data.target] } : state;
    case 'IncidentUnlinked': {
      const { kind, target } = event.data;
      return kind === 'child' ? { ...state, children: state.children.filter((child) => child !== target) } : state;
    }
    case 'IncidentResolved':
    case 'IncidentClosed':
    case 'IncidentCancelled':
    case 'IncidentReclassified':
      return { ...state, isOpen: false };
    case 'IncidentReopened':
      return { ...state, isOpen: true, isProposed: false };
    case 'IncidentAcknowledged':
    case 'IncidentEscalated':
    case 'NoteAdded':
    case 'FileAttached':
    case 'DiagnosisRecorded':
    case 'WorkaroundApplied':
    case 'IncidentPutOnHold':
    case 'IncidentResumed':
    case 'StakeholderUpdatePosted':
    case 'WorkLogged':
    case 'ResolutionConfirmed':
    case 'SlaStarted':
    case 'SlaRescheduled':
    case 'SlaStopped':
    case 'SlaWarned':
    case 'SlaBreached':
    case 'SlaMet':
    case 'AssignmentDeferred':
    case 'EscalationStarted':
    case 'EscalationStepTaken':
    case 'EscalationStopped':
    case 'ClosureScheduled':
      return state;
    default:
      return event satisfies never;
  }
};

/** The signs of a policy that an incident shows, in words; `undefined` where one that is asked for is missing. */
const signsOf = (policy: MajorIncidentPolicy, state: IncidentGravity, { service }: GravityCircumstances): string[] | undefined => {
  const { criticalities, childrenAtLeast, risks, dataAtRisk } = policy;
  const described = state.traits.service === null ? undefined : service(state.traits.service);
  const named = state.risks.filter((risk) => risks?.includes(risk));
  const signs = [
    criticalities && (described && criticalities.includes(described.criticality) ? `its service is ${described.criticality}` : undefined),
    dataAtRisk && (described && dataAtRisk.includes(described.dataClass) ? `${described.dataClass} data is at risk` : undefined),
    childrenAtLeast !== null &&
      (state.children.length >= childrenAtLeast ? `${state.children.length} incidents are linked below it` : undefined),
    risks && (named.length > 0 ? `risk: ${named.join(', ')}` : undefined),
  ].filter((sign) => sign !== null && sign !== false);
  return signs.includes(undefined) ? undefined : (signs as string[]);
};

const traitsInWords = ({ traits: { priority, service, category } }: IncidentGravity): string =>
  [priority, service && `service ${service}`, category && `category ${category}`].filter(Boolean).join(', ');

/**
 * Whether somebody should decide now that an incident is a major one: the first policy whose conditions and signs are there proposes it, once for
 * each time that it is opened. Pure, and settled.
 */
export const judgeGravity = (
  state: IncidentGravity | undefined,
  circumstances: GravityCircumstances,
  nowMs: number,
): Decided<IncidentEvent>[] => {
  if (!state || state.isImported || !state.isOpen || state.isProposed || state.traits.major) return [];
  const traits = traitsOf(state, circumstances.groupsOf);
  for (const { name, policy } of applyingPolicies(circumstances.policies, traits, new Date(nowMs).toISOString())) {
    const signs = signsOf(policy, state, circumstances);
    if (!signs) continue;
    const because = `${policy.name}: ${[traitsInWords(state), ...signs].filter(Boolean).join('; ')}`;
    return [{ type: 'MajorIncidentProposed', data: { incidentId: state.incidentId, policyVersion: name, because } }];
  }
  return [];
};
