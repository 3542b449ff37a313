/** The stream that incident numbers are handed out by, to whoever brings an incident into the log. */
export const INCIDENT_NUMBERS = 'numbers-incident';

/** The n-th incident's number, and so its id: `INC0000123`. */
export const incidentNumber = (number: number): string => `INC${String(number).padStart(7, '0')}`;
