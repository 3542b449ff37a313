/** A user as others see it. */
export type User = Readonly<{ username: string; groups: readonly string[] }>;

/** Who calls: a user, nobody known, or, where nothing is checked, the system itself. */
export type Principal = User | 'anonymous' | 'system';

export const ADMINS = '$admins';
export const OPERATORS = '$ops';
/** In an access control list: everyone who is known. */
export const EVERYONE = '$all';

export const isAdministrator = (principal: Principal): boolean =>
  principal === 'system' || (principal !== 'anonymous' && principal.groups.includes(ADMINS));

export const isOperator = (principal: Principal): boolean =>
  isAdministrator(principal) || (principal !== 'anonymous' && principal !== 'system' && principal.groups.includes(OPERATORS));

/** How the caller is shown, to those who may ask who is connected. */
export const nameOf = (principal: Principal): string => (typeof principal === 'string' ? principal : principal.username);
