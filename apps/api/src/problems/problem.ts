import { STATUS_CODES } from 'node:http';
import { Refusal, StaleRevision, type FieldFault, type InvalidInput, type RefusalKind } from '#kernel';

/** Problem Details for HTTP APIs, RFC 9457; `code` is for programs and never changes, `errors` names each wrong field. */
export type Problem = Readonly<{
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  errors?: readonly FieldFault[];
}>;

const STATUS_OF: Readonly<Record<RefusalKind, number>> = {
  invalid: 400,
  'not-found': 404,
  'illegal-transition': 409,
  stale: 412,
  'key-reused': 422,
  contended: 409,
  unavailable: 503,
};

/** After how many seconds a caller may try again where trying again can help. */
export const RETRY_AFTER_SECONDS = 1;

export const problem = (status: number, code: string, detail: string, instance: string, errors?: readonly FieldFault[]): Problem => ({
  type: `/docs/problems#${code}`,
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail,
  instance,
  code,
  ...(errors && errors.length > 0 && { errors }),
});

/** What a refusal of the domain, the log or a view is over HTTP. */
export const problemOf = (refusal: Refusal, instance: string): Problem => {
  const faults = 'faults' in refusal ? (refusal as InvalidInput).faults : undefined;
  return problem(STATUS_OF[refusal.kind], refusal.code, refusal.message, instance, faults);
};

/** The revision that a stale command would have to name now. */
export const currentRevision = (refusal: Refusal): bigint | undefined => (refusal instanceof StaleRevision ? refusal.actual : undefined);
