import { integerFrom, matching, recordOf } from '#kernel';
import type { Money } from './incident.js';
import { CURRENCY_PATTERN, MONEY_AMOUNT } from './limits.js';

/** An amount of money, read from outside. */
export const moneyCheck = recordOf<Money>({
  amount: integerFrom(MONEY_AMOUNT.min, MONEY_AMOUNT.max),
  currency: matching(CURRENCY_PATTERN, 'an ISO 4217 code, such as EUR'),
});
