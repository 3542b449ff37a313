import { InvalidInput } from '#kernel';

export const INCIDENT_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const POSITION_PATTERN = /^\d{1,19}$/;

/** The number in a path. @throws InvalidInput INCIDENT_ID_INVALID */
export const incidentIdParam = (text: string): string => {
  if (INCIDENT_ID_PATTERN.test(text)) return text;
  const faults = [{ field: 'incidentId', message: 'An incident number, such as INC0000001' }];
  throw new InvalidInput('INCIDENT_ID_INVALID', 'That is no incident number', faults);
};

export const UUID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of a notice in a path. @throws InvalidInput NOTICE_ID_INVALID */
export const noticeIdParam = (text: string): string => {
  if (UUID_PATTERN.test(text)) return text;
  const faults = [{ field: 'noticeId', message: 'A UUID in lower case, as the list of notices has it' }];
  throw new InvalidInput('NOTICE_ID_INVALID', 'That is no id of a notice', faults);
};

/** A position of the log, as it was answered. @throws InvalidInput POSITION_INVALID */
export const positionParam = (text: string, field: string): bigint => {
  if (POSITION_PATTERN.test(text)) return BigInt(text);
  const faults = [{ field, message: 'A position of the log, as Faultline-Position told it' }];
  throw new InvalidInput('POSITION_INVALID', 'That is no position of the log', faults);
};

/** The id of an override, a swap, an absence: whoever arranges it may choose it. */
export const ENTRY_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const ENTRY_ID = '1 to 64 letters, digits, `.`, `_` and `-`, beginning with a letter or a digit';

/** The same in a path. @throws InvalidInput ENTRY_ID_INVALID */
export const entryIdParam = (text: string, field: string): string => {
  if (ENTRY_ID_PATTERN.test(text)) return text;
  throw new InvalidInput('ENTRY_ID_INVALID', 'That is no id', [{ field, message: ENTRY_ID }]);
};
