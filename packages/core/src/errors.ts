import { BudgetOver, failureOf } from '@lockstep/db';
import { type ErrorCode, LockstepError } from '@lockstep/protocol';

/** Codes of Prisma that mean that the database is not there (better-auth reads through it). */
const PRISMA_AWAY = /^(P1001|P1002|P1008|P1017|P2024|P2037)$/;

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
      return PRISMA_AWAY.test(String((error as { code?: unknown } | null)?.code))
        ? 'unavailable'
        : 'internal';
  }
};
