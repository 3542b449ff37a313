import type { Recorded } from '#kernel';
import { evolveJudged, judgedFrom, type DataOf, type EscalationTrigger, type IncidentEvent, type JudgedIncident } from '#domain/incident';

/** One escalation under way, as its own events tell of it. `nextStepAt` is when its next step is due. */
export type EscalationRun = Readonly<{
  runId: string;
  policyVersion: string;
  trigger: EscalationTrigger;
  subject: string;
  startedAt: string;
  /** The last step that was taken; both 0 before the first one. */
  round: number;
  step: number;
  nextStepAt: string | null;
  isStopped: boolean;
}>;

/** A warning or a breach of one clock, and when it was. */
export type ClockWord = Readonly<{ trigger: 'sla-warned' | 'sla-breached'; clock: string; at: string; sentence: string }>;

/** What was done so far: it travels along with a functional escalation. */
export type WorkSoFar = Readonly<{ diagnosis: string | null; workaround: string | null; evidence: readonly string[] }>;

/** What escalation has to know of an incident, and nothing else. Times are ISO 8601, UTC. */
export type IncidentEscalations = JudgedIncident &
  Readonly<{
    isOpen: boolean;
    /** Nobody has answered since it was opened. */
    isWaiting: boolean;
    /** When it was opened last, and which event did that. */
    opened: Readonly<{ at: string; revision: number }>;
    rated: Readonly<{ at: string; sentence: string }> | null;
    declaredMajorAt: string | null;
    words: readonly ClockWord[];
    work: WorkSoFar;
    runs: readonly EscalationRun[];
  }>;

/** Pieces of evidence that travel along: the newest. */
const MOST_EVIDENCE = 20;

const withRun = (state: IncidentEscalations, runId: string, change: Partial<EscalationRun>): IncidentEscalations => ({
  ...state,
  runs: state.runs.map((run) => (run.runId === runId ? { ...run, ...change } : run)),
});

const openedBy = (state: IncidentEscalations, { occurredAt, revision }: Recorded<IncidentEvent>): IncidentEscalations => ({
  ...state,
  isOpen: true,
  opened: { at: occurredAt, revision: Number(revision) },
});

const word = (trigger: ClockWord['trigger'], { target, clockId, policyVersion }: DataOf<'SlaBreached'>, at: string): ClockWord => ({
  trigger,
  clock: clockId ?? target,
  at,
  sentence: `The ${target} target of ${policyVersion} is ${trigger === 'sla-breached' ? 'breached' : 'at risk'}`,
});

/** What one event changes for escalation; nothing is known before the report. */
export const evolveEscalations = (
  state: IncidentEscalations | undefined,
  event: Recorded<IncidentEvent>,
): IncidentEscalations | undefined => {
  if (event.type === 'IncidentReported') {
    if (state) return state;
    return {
      ...judgedFrom(event),
      isOpen: true,
      isWaiting: true,
      opened: { at: event.occurredAt, revision: Number(event.revision) },
      rated: null,
      declaredMajorAt: null,
      words: [],
      work: { diagnosis: null, workaround: null, evidence: [] },
      runs: [],
    };
  }
  if (!state) return state;

  switch (event.type) {
    case 'IncidentCategorized':
    case 'IncidentAssigned':
    case 'FactCorrected':
      return evolveJudged(state, event);
    case 'IncidentPrioritized': {
      const rated = { at: event.occurredAt, sentence: `Its priority is ${event.data.priority}` };
      return { ...evolveJudged(state, event), rated };
    }
    case 'IncidentAcknowledged':
    case 'IncidentPutOnHold':
    case 'IncidentResumed':
      return { ...state, isWaiting: false };
    case 'MajorIncidentDeclared':
      return { ...evolveJudged(state, event), declaredMajorAt: event.occurredAt };
    case 'MajorIncidentStoodDown':
      return { ...evolveJudged(state, event), declaredMajorAt: null };
    case 'DiagnosisRecorded': {
      const { findings, rootCause } = event.data;
      return { ...state, work: { ...state.work, diagnosis: rootCause === undefined ? findings : `${findings}\nRoot cause: ${rootCause}` } };
    }
    case 'WorkaroundApplied':
      return { ...state, work: { ...state.work, workaround: event.data.description } };
    case 'FileAttached':
      return { ...state, work: { ...state.work, evidence: [...state.work.evidence, event.data.name].slice(-MOST_EVIDENCE) } };
    case 'IncidentResolved':
    case 'IncidentClosed':
    case 'IncidentCancelled':
    case 'IncidentReclassified':
      return { ...state, isOpen: false, isWaiting: false };
    case 'IncidentReopened':
      return { ...openedBy(state, event), words: [] };
    case 'SlaWarned': {
      const said = word('sla-warned', event.data, event.occurredAt);
      const isFirst = !state.words.some(({ trigger, clock }) => trigger === said.trigger && clock === said.clock);
      return isFirst ? { ...state, words: [...state.words, said] } : state;
    }
    case 'SlaBreached':
      return { ...state, words: [...state.words, word('sla-breached', event.data, event.occurredAt)] };
    case 'EscalationStarted': {
      const { runId, policyVersion, trigger, subject, nextStepAt } = event.data;
      const run = { runId, policyVersion, trigger, subject, startedAt: event.occurredAt, round: 0, step: 0, nextStepAt, isStopped: false };
      return { ...state, runs: [...state.runs, run] };
    }
    case 'EscalationStepTaken': {
      const { runId, round, step, nextStepAt } = event.data;
      return withRun(state, runId, { round, step, nextStepAt });
    }
    case 'EscalationStopped':
      return withRun(state, event.data.runId, { isStopped: true, nextStepAt: null });
    case 'IncidentEscalated':
    case 'NoteAdded':
    case 'StakeholderUpdatePosted':
    case 'WorkLogged':
    case 'IncidentLinked':
    case 'IncidentUnlinked':
    case 'ResolutionConfirmed':
    case 'AssignmentDeferred':
    case 'SlaStarted':
    case 'SlaRescheduled':
    case 'SlaStopped':
    case 'SlaMet':
    case 'MajorIncidentProposed':
    case 'ClosureScheduled':
      return state;
    default:
      return event satisfies never;
  }
};

export const isRunning = ({ isStopped }: EscalationRun): boolean => !isStopped;

/** When the escalations of an incident want to be asked next; `undefined`: not before something happens to it. */
export const nextEscalationInstant = ({ runs }: IncidentEscalations): string | undefined =>
  runs
    .filter(isRunning)
    .flatMap(({ nextStepAt }) => (nextStepAt === null ? [] : [nextStepAt]))
    .sort()[0];
