import { BudgetOver, failureOf } from '@lockstep/db';
import { type ErrorCode, LockstepError } from '@lockstep/protocol';

/** The code that a client is told for whatever an action has thrown. */
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
