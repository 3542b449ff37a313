/** How much of anything people, teams and assignment rules take. */
export const PEOPLE_LIMITS = {
  nameLength: 200,
  /** RFC 5321: a path is of 256 characters, two of which are its angle brackets. */
  emailLength: 254,
  skills: 50,
  /** Open incidents that one person can hold. */
  capacity: 1_000,
  members: 200,
  /** Groups whose incidents one team takes. */
  reporterGroups: 100,
  reasonLength: 200,
  /** The longest absence, in days: three years, as parental leave may take. */
  absenceDays: 1_100,
  /** Absences of one person that are not over yet. */
  absencesAhead: 50,
} as const;

/** Tiers of support: 1 is the service desk. */
export const TIERS = { min: 1, max: 9 } as const;
