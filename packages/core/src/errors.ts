import { BudgetOver, failureOf } from '@lockstep/db';
import { type ErrorCode, LockstepError } from '@lockstep/protocol';

/** The error code that clients get for anything an action throws. */
export const errorCodeOf = (error: unknown): ErrorCode => {
  if (error instanceof LockstepError) return error.code;
  if (error instanceof BudgetOver) return 'too_costly';
  switch (failureOf(error)) {
    case 'input':
      return 'invalid_input';
    case 'connection':
    case 'conflict':
      return 'unavailable';
    default:
      return 'internal';
  }
};
