import { IANAZone } from 'luxon';
import type { Event, Recorded } from '#kernel';

/**
 * Service levels by hand: minute by minute, from what happened to an incident and what its site had defined. Slow, and made of nothing that
 * the product computes with; it shares only the words of events and definitions.
 *
 * - A clock counts a minute where the incident is open, or on hold for a reason that does not pause it, as much as its calendar says.
 * - It warns, and is breached, where the sum reaches its share; it is met where what it waits for comes before that.
 * - What was said stays said: facts that are told later change what is still to come.
 */

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

type Hours = readonly Readonly<{ from: string; to: string }>[];
export type CalendarBody = Readonly<{
  name: string;
  timeZone: string;
  week: Readonly<Partial<Record<string, Hours>>>;
  holidays?: readonly Readonly<{ date: string; name: string }>[];
  exceptions?: readonly Readonly<{ date: string; hours: Hours; reason: string }>[];
}>;

type Target = 'response' | 'update' | 'resolution';
type Allowance = Readonly<{ amount: number; unit: string }>;
type Kind = 'sla' | 'ola' | 'underpinning-contract';
export type PolicyBody = Readonly<{
  name: string;
  kind: Kind;
  rank: number;
  calendar?: string;
  pausesOn?: readonly string[];
  warnAt: readonly number[];
  when?: Readonly<{ priorities?: readonly string[]; channels?: readonly string[] }>;
  entries: readonly Readonly<{
    when?: Readonly<{ priorities?: readonly string[] }>;
    targets: Readonly<Partial<Record<Target, Allowance>>>;
  }>[];
}>;

/** A definition as it was told: when, and from when on it holds. `null`: it is out of use. */
type Told<Body> = Readonly<{ toldMs: number; fromMs: number; version: number; body: Body | null }>;

/** All that was ever told of one kind of definition, by id. */
class Definitions<Body> {
  readonly #told = new Map<string, Told<Body>[]>();

  tell(id: string, toldMs: number, fromMs: number, body: Body | null): void {
    const told = this.#told.get(id) ?? [];
    const version = told.filter((one) => one.body !== null).length + (body === null ? 0 : 1);
    this.#told.set(id, [...told, { toldMs, fromMs, version, body }]);
  }

  ids(): string[] {
    return [...this.#told.keys()].sort();
  }

  /** What was known by then of one of them. */
  known(id: string, knownMs: number): Told<Body>[] {
    return (this.#told.get(id) ?? []).filter(({ toldMs }) => toldMs <= knownMs);
  }

  /** When anything was told, or began to hold. */
  instants(): number[] {
    return [...this.#told.values()].flat().flatMap(({ toldMs, fromMs }) => [toldMs, fromMs]);
  }
}

/** Minutes since midnight of `08:30`. */
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const isWithin = (hours: Hours, minute: number): boolean => hours.some(({ from, to }) => minuteOf(from) <= minute && minute < minuteOf(to));

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** What the wall clocks of a zone show. Zones are set at full quarters of an hour. */
class WallClock {
  readonly #zone: IANAZone;
  readonly #offsets = new Map<number, number>();

  constructor(zone: string) {
    this.#zone = IANAZone.create(zone);
  }

  /** The day since 1970 and the minute since midnight, as they show it at an instant. */
  at(ms: number): { day: number; minute: number } {
    const quarter = Math.floor(ms / (15 * MINUTE));
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) this.#offsets.set(quarter, (offset = this.#zone.offset(quarter * 15 * MINUTE)));
    const minutes = Math.floor(ms / MINUTE) + offset;
    return { day: Math.floor(minutes / 1_440), minute: minutes - Math.floor(minutes / 1_440) * 1_440 };
  }
}

/** One version of a calendar, by the minute. */
class SlowCalendar {
  readonly #clock: WallClock;
  readonly #hoursOf = new Map<number, Hours>();
  readonly #minutesOf = new Map<number, number>();
  readonly #working = new Map<number, readonly boolean[]>();

  constructor(private readonly body: CalendarBody) {
    this.#clock = new WallClock(body.timeZone);
  }

  /** The hours of a day: an exception's, none of a holiday, else its weekday's. */
  #hours(day: number): Hours {
    let hours = this.#hoursOf.get(day);
    if (!hours) {
      const date = new Date(day * DAY).toISOString().slice(0, 10);
      const exception = this.body.exceptions?.find((one) => one.date === date);
      const isHoliday = this.body.holidays?.some((one) => one.date === date) ?? false;
      const weekday = WEEKDAYS[new Date(day * DAY).getUTCDay()] as string;
      this.#hoursOf.set(day, (hours = exception?.hours ?? (isHoliday ? [] : (this.body.week[weekday] ?? []))));
    }
    return hours;
  }

  /** How many minutes of that local day are working ones: of those that its clocks show. */
  #minutesIn(day: number): number {
    let minutes = this.#minutesOf.get(day);
    if (minutes === undefined) {
      minutes = 0;
      for (let ms = (day - 1) * DAY; ms < (day + 2) * DAY; ms += MINUTE) {
        const shown = this.#clock.at(ms);
        if (shown.day === day && isWithin(this.#hours(day), shown.minute)) minutes++;
      }
      this.#minutesOf.set(day, minutes);
    }
    return minutes;
  }

  /** What the minute that begins at an instant counts: minutes of business time, or parts of a business day. */
  counts(ms: number, isInDays: boolean): number {
    const { day, minute } = this.#clock.at(ms);
    let working = this.#working.get(day);
    if (!working) {
      const hours = this.#hours(day);
      this.#working.set(day, (working = Array.from({ length: 1_440 }, (_, minute) => isWithin(hours, minute))));
    }
    if (!working[minute]) return 0;
    return isInDays ? 1 / this.#minutesIn(day) : 1;
  }
}

/** What a site has defined, as it was told. */
export class SlowSite {
  readonly calendars = new Definitions<CalendarBody>();
  readonly policies = new Definitions<PolicyBody>();
  readonly #versions = new Map<CalendarBody, SlowCalendar>();

  /** What minutes count for an allowance by a calendar, as it was known then: each version holds from its instant on, the first one ever. */
  counting(unit: string, calendar: string | null, knownMs: number): (ms: number) => number {
    if (unit.startsWith('elapsed') || calendar === null) return () => 1;
    const known = this.calendars
      .known(calendar, knownMs)
      .map(({ fromMs, body }) => ({ fromMs, version: this.#versionOf(body as CalendarBody) }));
    const isInDays = unit === 'business-days';
    return (ms) => (known.findLast(({ fromMs }) => fromMs <= ms) ?? known[0])?.version.counts(ms, isInDays) as number;
  }

  #versionOf(body: CalendarBody): SlowCalendar {
    const version = this.#versions.get(body) ?? new SlowCalendar(body);
    this.#versions.set(body, version);
    return version;
  }
}

type Fact = { atMs: number; toldMs: number; type: string; reason?: string; data: Readonly<Record<string, unknown>>; actor: string };
/** From when on an incident was in a status; until the next one. */
type Status = Readonly<{ fromMs: number; toldMs: number; name: 'open' | 'hold' | 'resolved' | 'closed' | 'cancelled'; reason?: string }>;

/** The status that an incident is in after an event; other events change none. */
export const STATUS_OF: Readonly<Record<string, Status['name']>> = {
  IncidentReported: 'open',
  IncidentAcknowledged: 'open',
  IncidentResumed: 'open',
  IncidentReopened: 'open',
  IncidentPutOnHold: 'hold',
  IncidentResolved: 'resolved',
  IncidentClosed: 'closed',
  IncidentCancelled: 'cancelled',
};

/** What is known of an incident at some moment. */
class Known {
  readonly statuses: readonly Status[];
  readonly reportedMs: number;
  readonly openedMs: number;
  readonly respondedMs: number | undefined;
  readonly updates: readonly Readonly<{ atMs: number; promisedMs?: number }>[];
  readonly endings: readonly Readonly<{ atMs: number; toldMs: number }>[];
  readonly priority: string | undefined;
  readonly channel: string;

  constructor(facts: readonly Fact[]) {
    const corrected = facts.map((fact) => ({ ...fact }));
    for (const { type, data } of facts) {
      if (type !== 'FactCorrected') continue;
      const subject = corrected[data['factIndex'] as number] as Fact;
      if (data['fact'] === 'occurredAt') subject.atMs = Date.parse(data['is'] as string);
      if (data['fact'] === 'reason') subject.reason = data['is'] as string;
    }
    const report = corrected[0] as Fact;
    this.reportedMs = report.atMs;
    this.channel = report.data['channel'] as string;
    this.priority = corrected.findLast(({ type }) => type === 'IncidentPrioritized')?.data['priority'] as string | undefined;

    let latest = -Infinity;
    this.statuses = corrected
      .filter(({ type }) => type in STATUS_OF)
      .map(({ type, atMs, toldMs, reason }) => {
        // nothing begins before what was told before it
        latest = Math.max(latest, atMs);
        return { fromMs: latest, toldMs, name: STATUS_OF[type] as Status['name'], ...(reason !== undefined && { reason }) };
      });
    const isEnd = ({ name }: Status) => name === 'resolved' || name === 'closed';
    this.endings = this.statuses
      .filter((status, n) => isEnd(status) && !isEnd(this.statuses[n - 1] as Status))
      .map(({ fromMs, toldMs }) => ({ atMs: fromMs, toldMs }));
    const opened = this.statuses.findLast(({ name }, n) => name === 'open' && n > 0 && isEnd(this.statuses[n - 1] as Status));
    this.openedMs = opened?.fromMs ?? this.reportedMs;

    const answers = ['IncidentAcknowledged', 'IncidentResumed', 'IncidentPutOnHold', 'IncidentResolved', 'StakeholderUpdatePosted'];
    const reporter = report.data['reporter'];
    const isAnswer = ({ type, data, actor }: Fact) =>
      answers.includes(type) || (type === 'NoteAdded' && data['visibility'] === 'public' && actor !== reporter);
    this.respondedMs = corrected.find(isAnswer)?.atMs;
    this.updates = corrected
      .filter(({ type }) => type === 'StakeholderUpdatePosted')
      .map(({ atMs, data }) => {
        const promised = data['nextUpdateDueAt'] as string | undefined;
        return { atMs, ...(promised !== undefined && { promisedMs: Date.parse(promised) }) };
      });
  }

  get status(): Status {
    return this.statuses.at(-1) as Status;
  }
}

type Terms = Readonly<{ allowance: Allowance; calendar: string | null; pausesOn: readonly string[] }>;
type Promised = Terms & Readonly<{ policy: string; warnAt: readonly number[] }>;

const runs = ({ pausesOn }: Terms, { name, reason }: Status): boolean =>
  name === 'open' || (name === 'hold' && !pausesOn.includes(reason as string));

const SIZES: Readonly<Record<string, number>> = {
  'elapsed-minutes': 1,
  'elapsed-hours': 60,
  'business-minutes': 1,
  'business-hours': 60,
  'business-days': 1,
};
/** Sums of fractions of days: what is less than this is nothing. */
const NOTHING = 1e-9;

/** A clock that is summed up minute by minute: what it has used, and when it had used up each share. */
class SlowSum {
  used = 0;
  readonly reached = new Map<number, number>();
  readonly #counts: (ms: number) => number;
  #at: number;
  /** Which status it is in there. */
  #status = 0;

  constructor(
    site: SlowSite,
    private readonly terms: Terms,
    startedMs: number,
    private readonly statuses: readonly Status[],
    private readonly shares: readonly number[],
    /** What was known then of calendars. */
    knownMs: number,
  ) {
    this.#at = startedMs;
    this.#counts = site.counting(terms.allowance.unit, terms.calendar, knownMs);
  }

  /** Goes on to an instant, or until all shares are used up, where that comes first. */
  to(untilMs: number, stopsWhenUsedUp = false): this {
    const { allowance } = this.terms;
    const allowed = allowance.amount * (SIZES[allowance.unit] as number);
    while (this.#at < untilMs) {
      while ((this.statuses[this.#status + 1]?.fromMs ?? Infinity) <= this.#at) this.#status++;
      const counts = runs(this.terms, this.statuses[this.#status] as Status) ? this.#counts(this.#at) : 0;
      if (counts > 0) {
        for (const share of this.shares) {
          const missing = (allowed * share) / 100 - this.used;
          if (!this.reached.has(share) && counts >= missing - NOTHING) {
            this.reached.set(share, this.#at + Math.round(Math.max(0, missing / counts) * MINUTE));
          }
        }
        this.used += counts;
      }
      this.#at += MINUTE;
      if (stopsWhenUsedUp && this.reached.size === this.shares.length) return this;
    }
    return this;
  }
}

type SlowClock = Promised & {
  id: string;
  kind: Kind;
  target: Target;
  startedMs: number;
  /** When that was said. */
  saidMs: number;
  sum: SlowSum;
  /** When it had what it waits for, as far as is known; `undefined`: not yet. */
  endMs: number | undefined;
  warned: Set<number>;
  breached: boolean;
  /** When it was met; a resolution's is no more once it is reopened. */
  metMs: number | undefined;
  stoppedMs: number | undefined;
};

const isPending = ({ breached, metMs, stoppedMs }: SlowClock): boolean => !breached && metMs === undefined && stoppedMs === undefined;

const iso = (ms: number | undefined): string => (ms === undefined ? 'never' : new Date(ms).toISOString());
const same = (a: Terms, b: Terms): boolean =>
  JSON.stringify([a.allowance, a.calendar, a.pausesOn]) === JSON.stringify([b.allowance, b.calendar, b.pausesOn]);

/** One thing that a clock says: what, when that was, and when it was known. */
export type Said = Readonly<{ clock: string; says: string; at: string; recorded: string }>;
/** When a clock will have used up its shares if nothing changes: what it has to announce from that moment on. */
export type Announced = Readonly<{ clock: string; recorded: string; due: string; warnings: readonly string[] }>;
/** A clock at the end. `used` is in minutes, or days of business days. */
export type Stood = Readonly<{ clock: string; used: number }>;

/** Long enough for whatever is open at the end to be due: in milliseconds. */
const AHEAD = 45 * DAY;

const isOfClocks = ({ type }: Event): boolean => type.startsWith('Sla');
/** The kinds in the order in which clocks are said. */
const KINDS: readonly Kind[] = ['sla', 'ola', 'underpinning-contract'];
const TARGETS: readonly Target[] = ['response', 'update', 'resolution'];

/** Judges one incident, minute by minute. */
export class SlowIncident {
  readonly said: Said[] = [];
  readonly announced: Announced[] = [];
  readonly #facts: readonly Fact[];
  readonly #clocks: SlowClock[] = [];
  #known!: Known;
  #promises = new Map<string, Promised>();

  constructor(
    private readonly site: SlowSite,
    history: readonly Recorded<Event>[],
  ) {
    const told = history.filter((event) => !isOfClocks(event));
    const indexOf = new Map(told.map(({ revision }, n) => [Number(revision), n]));
    this.#facts = told.map(({ type, data, recordedAt, metadata, ...event }) => {
      const said = data as Record<string, unknown>;
      // as it was told: what was told to have happened is when it happened
      return {
        type,
        atMs: Date.parse(event.occurredAt),
        toldMs: Date.parse(recordedAt),
        actor: metadata.actor.id,
        data: type === 'FactCorrected' ? { ...said, factIndex: indexOf.get(said['eventRevision'] as number) } : said,
        ...(type === 'IncidentPutOnHold' && { reason: said['reason'] as string }),
      };
    });
  }

  /** Judges it up to an instant. */
  until(endMs: number): Stood[] {
    const first = this.#facts[0] as Fact;
    const definitions = new Set([...this.site.calendars.instants(), ...this.site.policies.instants()]);
    let told = 0;
    for (let ms = first.toldMs; ms <= endMs; ms += MINUTE) {
      if (told > 0) this.#judge(ms, false);
      const before = told;
      while (told < this.#facts.length && (this.#facts[told] as Fact).toldMs <= ms) told++;
      if (told === before && !definitions.has(ms)) continue;
      this.#known = new Known(this.#facts.slice(0, told));
      this.#promises = this.#promisesAt(ms);
      for (const clock of this.#clocks) {
        clock.sum = this.#sumOf(clock, clock.startedMs, ms, clock.warnAt);
        clock.endMs = this.#endOf(clock);
        if (clock.target === 'resolution' && clock.endMs === undefined) clock.metMs = undefined;
      }
      this.#judge(ms, true);
      this.#announce(ms);
    }
    return this.#clocks.map((clock) => {
      const end = Math.min(clock.endMs ?? endMs, clock.stoppedMs ?? endMs);
      return { clock: clock.id, used: this.#sumOf(clock, clock.startedMs, endMs, []).to(end).used };
    });
  }

  #sumOf(terms: Terms, startedMs: number, knownMs: number, warnAt: readonly number[], statuses = this.#known.statuses): SlowSum {
    return new SlowSum(this.site, terms, startedMs, statuses, [...warnAt, 100], knownMs);
  }

  #say(clock: SlowClock, says: string, atMs: number, recordedMs: number): void {
    this.said.push({ clock: clock.id, says, at: iso(atMs), recorded: iso(recordedMs) });
  }

  /** When a clock had what it waits for; `undefined`: not yet. */
  #endOf({ target, startedMs, saidMs }: SlowClock): number | undefined {
    const { respondedMs, updates, endings, status } = this.#known;
    const hasEnded = status.name === 'resolved' || status.name === 'closed';
    if (target === 'response') return respondedMs;
    if (target === 'resolution') return hasEnded ? endings.at(-1)?.atMs : undefined;
    const next = updates.map(({ atMs }) => atMs).filter((ms) => ms > startedMs);
    // it was started while the incident was open: what had ended before is not what ends it
    const ended = endings.filter(({ toldMs }) => toldMs > saidMs).map(({ atMs }) => atMs);
    return next.length + ended.length > 0 ? Math.min(...next, ...ended) : undefined;
  }

  #promisesAt(ms: number): Map<string, Promised> {
    const promises = new Map<string, Promised>();
    const { priority, channel, updates, openedMs } = this.#known;
    const isFor = (when: PolicyBody['when'] = {}) =>
      (when.priorities?.includes(priority as string) ?? true) && (when.channels?.includes(channel) ?? true);
    for (const kind of KINDS) {
      let chosen: { id: string; told: Told<PolicyBody> } | undefined;
      for (const id of this.site.policies.ids()) {
        const told = this.site.policies.known(id, ms).findLast(({ fromMs }) => fromMs <= ms);
        if (!told?.body || told.body.kind !== kind || !isFor(told.body.when)) continue;
        if (!chosen || told.body.rank < (chosen.told.body as PolicyBody).rank) chosen = { id, told };
      }
      const policy = chosen?.told.body;
      const entry = policy?.entries.findIndex(({ when }) => isFor(when)) ?? -1;
      if (!chosen || !policy || entry < 0) continue;
      const { calendar = null, pausesOn = [], warnAt } = policy;
      for (const [target, allowance] of Object.entries(policy.entries[entry]?.targets ?? {})) {
        const name = `${chosen.id}@${chosen.told.version}, ${entry + 1}`;
        promises.set(`${kind}-${target}`, { policy: name, allowance, calendar, pausesOn, warnAt });
      }
    }
    const last = updates.at(-1);
    if (last?.promisedMs !== undefined && last.atMs >= openedMs) {
      const amount = Math.max(1, Math.ceil((last.promisedMs - last.atMs) / MINUTE));
      const { warnAt = [] } = promises.get('sla-update') ?? {};
      promises.set('sla-update', {
        policy: 'promise, 0',
        allowance: { amount, unit: 'elapsed-minutes' },
        calendar: null,
        pausesOn: [],
        warnAt,
      });
    }
    return promises;
  }

  /** What is to be said at an instant; again, until nothing is. @param isNews facts or definitions are others than before */
  #judge(ms: number, isNews: boolean): void {
    const before = this.said.length;
    for (const clock of this.#clocks) this.#judgeClock(clock, ms);
    if (isNews || this.said.length > before) this.#start(ms);
    if (this.said.length > before) this.#judge(ms, false);
  }

  #judgeClock(clock: SlowClock, ms: number): void {
    if (!isPending(clock)) return;
    const { status } = this.#known;
    const end = clock.endMs;
    const { reached } = clock.sum.to(ms);
    const cancelled = status.name === 'cancelled' ? status.fromMs : undefined;
    const last = Math.min(end ?? ms, cancelled ?? ms);
    // what is found as it happens is recorded then; what is found out later, when it is found out
    const recorded = (at: number) => (at > ms - MINUTE ? at : ms);

    for (const share of clock.warnAt) {
      const at = reached.get(share);
      if (at === undefined || at > last || clock.warned.has(share)) continue;
      clock.warned.add(share);
      this.#say(clock, `warned ${share}`, at, recorded(at));
    }
    const usedUp = reached.get(100);
    if (usedUp !== undefined && (end === undefined ? usedUp <= last : usedUp < end)) {
      clock.breached = true;
      this.#say(clock, 'breached', usedUp, recorded(usedUp));
    } else if (cancelled !== undefined) {
      clock.stoppedMs = cancelled;
      this.#say(clock, 'stopped', cancelled, ms);
    } else if (end !== undefined) {
      clock.metMs = end;
      this.#say(clock, 'met', end, ms);
    }
  }

  #start(ms: number): void {
    const { status, respondedMs, updates, openedMs, reportedMs } = this.#known;
    if (status.name !== 'open' && status.name !== 'hold') return;
    for (const kind of KINDS) {
      for (const target of TARGETS) {
        const promise = this.#promises.get(`${kind}-${target}`);
        const mine = this.#clocks.filter((clock) => clock.kind === kind && clock.target === target);
        const latest = mine.findLast(({ stoppedMs }) => stoppedMs === undefined);
        const isRunning = latest !== undefined && isPending(latest);
        const isOther = latest !== undefined && promise !== undefined && !same(latest, promise);
        const startedMs = target === 'update' ? Math.max(openedMs, updates.at(-1)?.atMs ?? 0) : reportedMs;
        const isWanted =
          promise !== undefined &&
          (target === 'response'
            ? respondedMs === undefined && (!latest || (isRunning && isOther))
            : target === 'update'
              ? !latest || latest.startedMs < startedMs || (isRunning && isOther)
              : !latest || isOther);
        if (latest && isRunning && (isWanted || !promise)) {
          latest.stoppedMs = ms;
          this.#say(latest, 'stopped', ms, ms);
        }
        if (!promise || !isWanted) continue;
        const sum = this.#sumOf(promise, startedMs, ms, promise.warnAt);
        const id = `${kind}-${target}-${mine.length + 1}`;
        const clock: SlowClock = {
          ...{ ...promise, id, kind, target, startedMs, saidMs: ms, sum, endMs: undefined },
          ...{ warned: new Set(), breached: false, metMs: undefined, stoppedMs: undefined },
        };
        clock.endMs = this.#endOf(clock);
        this.#clocks.push(clock);
        this.#say(clock, `started by ${promise.policy} from ${iso(startedMs)}`, mine.length === 0 ? startedMs : ms, ms);
      }
    }
  }

  /** What those that run have to have announced by now. */
  #announce(ms: number): void {
    for (const clock of this.#clocks) {
      if (!isPending(clock) || !runs(clock, this.#known.status)) continue;
      const { reached } = this.#sumOf(clock, clock.startedMs, ms, clock.warnAt).to(ms + AHEAD, true);
      const coming = clock.warnAt.map((share) => [share, reached.get(share)] as const).filter(([, at]) => at === undefined || at > ms);
      this.announced.push({
        clock: clock.id,
        recorded: iso(ms),
        due: iso(reached.get(100)),
        warnings: coming.map(([share, at]) => `${share} ${iso(at)}`),
      });
    }
  }
}
