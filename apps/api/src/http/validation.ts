import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { InvalidInput, type FieldFault } from '#kernel';

/** Most faults that one answer lists. */
const MAX_FAULTS = 50;

const faultsOf = (errors: readonly ValidationError[], above: string): FieldFault[] =>
  errors.flatMap(({ property, constraints, children }) => {
    const field = /^\d+$/.test(property) ? `${above}[${property}]` : above ? `${above}.${property}` : property;
    const own = constraints?.whitelistValidation
      ? [{ field, message: 'There is no such field' }]
      : Object.values(constraints ?? {}).map((message) => ({ field, message }));
    return [...own, ...faultsOf(children ?? [], field)];
  });

/** Checks requests against their classes: unknown fields are refused, and every fault is named at once. */
export const validation = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors: ValidationError[]) => {
      const faults = faultsOf(errors, '').slice(0, MAX_FAULTS);
      return new InvalidInput(
        'REQUEST_INVALID',
        `What was sent cannot be accepted: ${faults.map(({ field }) => field).join(', ')}`,
        faults,
      );
    },
  });
