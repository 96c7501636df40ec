import { type ErrorCode, LockstepError } from '@lockstep/protocol';

/** The error of a call as a code; anything that is not an answer of the server is `unavailable`. */
export const codeOf = (error: unknown): ErrorCode =>
  error instanceof LockstepError ? error.code : 'unavailable';

/**
 * Worth trying again as it is: the server did not refuse it, or would not have in another version. `too_costly` is told to who reads while the server is busy;
 * what is asked for here is within what it answers at other times (docs/sync.md).
 */
export const isTransient = (code: ErrorCode): boolean => TRANSIENT.includes(code);

const TRANSIENT: readonly ErrorCode[] = ['unavailable', 'rate_limited', 'too_costly', 'version_not_served'];

export const toLockstepError = (error: unknown): LockstepError =>
  error instanceof LockstepError ? error : new LockstepError('unavailable', String(error));

/**
 * Milliseconds to wait before attempt `n` (from 0): exponential with full jitter, so that clients do not all
 * reconnect to a restarted server at once. (AWS Architecture Blog, "Exponential Backoff And Jitter".)
 */
export const backoff = (attempt: number, random: () => number, baseMs = 1_000, capMs = 30_000): number =>
  100 + random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 16));

/** The wait before a retry, in ms: what the server asks for, otherwise the backoff. */
export const waitFor = (error: unknown, attempt: number, random: () => number): number => {
  const asked = error instanceof LockstepError ? (error.data.retryAfterMs ?? 0) : 0;
  return asked > 0 ? Math.max(asked, backoff(0, random)) : backoff(attempt, random);
};
