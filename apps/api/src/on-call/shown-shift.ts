import { whyOnCall, type KnownSchedule, type Shift, type ShiftSource } from '#domain/on-call';

/** A shift as it is answered: ISO 8601, UTC; `to` is exclusive. */
export type ShownShift = Readonly<{
  schedule: string;
  person: string;
  from: string;
  to: string;
  version: number;
  source: ShiftSource;
  why: string;
}>;

export const isoOf = (ms: number): string => new Date(ms).toISOString();

export const shownShift = ({ id, timeline }: KnownSchedule, shift: Shift): ShownShift => ({
  schedule: id,
  person: shift.person,
  from: isoOf(shift.fromMs),
  to: isoOf(shift.toMs),
  version: shift.version,
  source: shift.source,
  why: whyOnCall(timeline, shift),
});
