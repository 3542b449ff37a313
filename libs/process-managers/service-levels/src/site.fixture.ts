import { happened, type EffectiveDated, type EventMetadata, type Recorded } from '#kernel';
import { WorkingTime, type BusinessCalendar } from '#domain/calendars';
import type { IncidentEvent } from '#domain/incident';
import { evolveClocks, type IncidentClocks } from './incident-clocks.js';
import { nextClockInstant } from './incident-clocks.js';
import { judgeServiceLevels, type ServiceLevelCircumstances } from './judge.js';
import { parseServiceLevelPolicy, type ServiceLevelPolicy } from './policy.js';

export const incidentId = 'INC0000001';
export const ms = (text: string): number => Date.parse(text);

const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];
export const officeHours: BusinessCalendar = {
  name: 'Office hours',
  timeZone: 'UTC',
  week: {
    monday: NINE_TO_FIVE,
    tuesday: NINE_TO_FIVE,
    wednesday: NINE_TO_FIVE,
    thursday: NINE_TO_FIVE,
    friday: NINE_TO_FIVE,
    saturday: [],
    sunday: [],
  },
  exceptions: [],
  holidays: [],
};

export const dated = <Definition>(
  ...versions: (readonly [effectiveFrom: string, definition: Definition])[]
): EffectiveDated<Definition> => ({
  versions: versions.map(([effectiveFrom, definition], n) => ({ version: n + 1, effectiveFrom, definition })),
  retirements: [],
});

export const policy = (more: object): ServiceLevelPolicy =>
  parseServiceLevelPolicy({
    name: 'Standard',
    kind: 'sla',
    rank: 10,
    entries: [{ targets: { resolution: { amount: 4, unit: 'elapsed-hours' } } }],
    pausesOn: ['caller', 'vendor'],
    warnAt: [],
    ...more,
  });

/**
 * One incident on one site: what happens to it is told, the clocks are asked at every event and at every due instant, and what they say
 * can be read as one line an event.
 */
export class Desk {
  policies = new Map<string, EffectiveDated<ServiceLevelPolicy>>();
  calendars = new Map<string, EffectiveDated<BusinessCalendar>>([['office', dated(['2020-01-01T00:00:00Z', officeHours])]]);
  state: IncidentClocks | undefined;
  readonly history: Recorded<IncidentEvent>[] = [];
  readonly said: string[] = [];
  #revision = 0n;

  constructor(policies: Readonly<Record<string, EffectiveDated<ServiceLevelPolicy>>>) {
    this.policies = new Map(Object.entries(policies));
  }

  get circumstances(): ServiceLevelCircumstances {
    const times = new Map([...this.calendars].map(([id, calendar]) => [id, new WorkingTime(calendar)]));
    return { policies: this.policies, workingTime: (id) => times.get(id), groupsOf: () => ['staff'] };
  }

  /** Lets time pass: the clocks ring when they are due. */
  until(instant: string): this {
    const throughMs = ms(instant);
    for (;;) {
      const next = this.state && nextClockInstant(this.state);
      if (next === undefined || ms(next) > throughMs) return this;
      this.judge(ms(next));
    }
  }

  /** Something happens; `recordedAt` is when we learn of it. */
  tell(instant: string, event: Pick<IncidentEvent, 'type'> & { data?: object }, { actor = 'agent', recordedAt = instant } = {}): this {
    this.until(new Date(ms(recordedAt) - 1).toISOString());
    this.#record({ type: event.type, data: { incidentId, ...event.data } } as IncidentEvent, new Date(ms(instant)).toISOString(), actor);
    return this.judge(ms(recordedAt));
  }

  judge(nowMs: number): this {
    for (const verdict of judgeServiceLevels(this.state, this.circumstances, nowMs)) {
      const { event, occurredAt } = happened(verdict, new Date(nowMs).toISOString());
      this.#record(event, occurredAt, 'clock');
      this.said.push(sentence(event, occurredAt));
    }
    return this;
  }

  #record(event: IncidentEvent, occurredAt: string, actor: string): void {
    const metadata = { actor: { kind: 'person', id: actor } } as EventMetadata;
    const recorded = { ...event, occurredAt, revision: this.#revision++, metadata } as unknown as Recorded<IncidentEvent>;
    this.history.push(recorded);
    this.state = evolveClocks(this.state, recorded);
  }

  /** What the clocks said since it was asked last. */
  says(): string[] {
    return this.said.splice(0);
  }
}

const short = (instant: string | null): string => (instant === null ? 'never' : instant.slice(5, 16).replace('T', ' '));

const sentence = (event: IncidentEvent, occurredAt: string): string => {
  const { clockId, dueAt, share, why, because } = event.data as Record<string, string | null> & { dueAt: string | null };
  const parts = [short(occurredAt), event.type.replace('Sla', '').toLowerCase(), clockId, share && `${share}%`, why ?? because];
  return [...parts.filter(Boolean), ...(dueAt === undefined ? [] : [`due ${short(dueAt)}`])].join(' ');
};

export const reported = {
  type: 'IncidentReported',
  data: { title: 'No mail', reporter: 'bob', channel: 'phone', service: 'mail' },
} as const;
export const acknowledged = { type: 'IncidentAcknowledged' } as const;
export const onHold = (reason: string) => ({ type: 'IncidentPutOnHold', data: { reason } }) as const;
export const resumed = { type: 'IncidentResumed', data: { cause: 'answered' } } as const;
export const resolved = { type: 'IncidentResolved', data: { code: 'solved', fix: null, notes: null } } as const;
export const closed = { type: 'IncidentClosed', data: { code: 'solved', how: 'agent' } } as const;
export const reopened = { type: 'IncidentReopened', data: { cause: 'recurred', reason: null } } as const;
export const cancelled = { type: 'IncidentCancelled', data: { cause: 'mistake', reason: 'none' } } as const;
export const prioritized = (priority: string) =>
  ({ type: 'IncidentPrioritized', data: { impact: 'high', urgency: 'high', risks: [], priority, matrixVersion: '1' } }) as const;
export const updated = (nextUpdateDueAt?: string) =>
  ({
    type: 'StakeholderUpdatePosted',
    data: { updateId: 'u', audience: 'reporter', text: 'We are on it', ...(nextUpdateDueAt && { nextUpdateDueAt }) },
  }) as const;
export const note = (visibility: 'public' | 'internal') =>
  ({ type: 'NoteAdded', data: { noteId: 'n', visibility, text: 'Hello' } }) as const;
