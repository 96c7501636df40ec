import { Unanswered } from './rescue.ts';

/** Errors of the disk or the browser. Any other error of a transaction comes from the caller or is a defect. */
const FAULTS = new Set([
  ...['AbortError', 'DatabaseClosedError', 'InvalidStateError', 'MissingAPIError', 'NotFoundError'],
  ...['NotReadableError', 'OpenFailedError', 'QuotaExceededError', 'SecurityError', 'TimeoutError'],
  ...['TransactionInactiveError', 'UnknownError', 'VersionError'],
]);

interface Wrapped {
  name?: string;
  /** The error of the browser inside one of Dexie's. */
  inner?: unknown;
  /** Of a bulk operation, by its place in the list. */
  failures?: Record<number, unknown> | unknown[];
}

const causes = (error: unknown): Wrapped[] => {
  if (typeof error !== 'object' || error === null) return [];
  const { inner, failures } = error as Wrapped;
  return [error as Wrapped, ...causes(inner), ...Object.values(failures ?? {}).flatMap(causes)];
};

export const isDiskFault = (error: unknown): boolean =>
  error instanceof Unanswered || causes(error).some(({ name = '' }) => FAULTS.has(name));

/** No room; or aborted by the browser without a reason, as happens to the other requests of a full transaction. */
export const isFull = (error: unknown): boolean => {
  const names = causes(error).flatMap(({ name }) => (name && name !== 'BulkError' ? name : []));
  return names.includes('QuotaExceededError') || (names.length > 0 && names.every((n) => n === 'AbortError'));
};

/** Temporary, and the data may be intact: do not give up unsent commands for it. */
export const isPassing = (error: unknown): boolean =>
  error instanceof Unanswered || isFull(error) || causes(error).some(({ name }) => name === 'UnknownError');
