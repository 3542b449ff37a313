/** One event on its way to a consumer group. The event itself stays in the log until it is handed over. */
export type Message = {
  /** What consumers answer it by: the id of the event, or of the link it was found by. */
  readonly id: string;
  /** Where the event, or the link, stands in the log. */
  readonly position: number;
  /** Its place in what it was read from: a revision, or a position. */
  readonly order: number;
  /** Everything through this place is done when this one is the first that is not. -1: nothing. */
  readonly before: number;
  /** Whether it was parked before. */
  readonly isReplayed: boolean;
  /** Whether it came when the group had caught up. */
  readonly isLive: boolean;
  /** What decides who gets it, where consumers are pinned. */
  readonly pin: string;
  /** How often it was handed over before. */
  retries: number;
};
