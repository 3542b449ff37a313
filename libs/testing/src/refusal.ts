import assert from 'node:assert/strict';
import { InvalidInput, type FieldFault } from '#kernel';

const faultsOf = (ask: () => unknown): Readonly<{ code: string; faults: readonly FieldFault[] }> | undefined => {
  try {
    ask();
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  return undefined;
};

/**
 * What an input is refused with: the code, and each fault as a line. Empty where it is not refused; an error that is no refusal of an input
 * surfaces as it is.
 */
export const refusalOf = (ask: () => unknown): string[] => {
  const refusal = faultsOf(ask);
  return refusal ? [refusal.code, ...refusal.faults.map(({ field, message }) => `${field} ${message}`)] : [];
};

/**
 * The fields that an input is refused for with this code, in order. Empty where it is not refused.
 * @throws AssertionError where it is refused with another code
 */
export const faultyFields = (code: string, ask: () => unknown): string[] => {
  const refusal = faultsOf(ask);
  assert.equal(refusal?.code ?? code, code);
  return refusal?.faults.map(({ field }) => field) ?? [];
};
