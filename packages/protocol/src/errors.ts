import { z } from 'zod';
import type { ProtocolVersions } from './wire.ts';

/**
 * The closed set of errors that a client can get. A client dispatches on the code, never on the text. A code is for
 * programs; people read the translation of `errors.<code>` in apps/web.
 */
export const ERROR_CODES = [
  /** The input does not have the shape the command asks for. */
  'invalid_input',
  /** No session, or one that has ended: sign in again. */
  'unauthenticated',
  /** Known and visible to the actor, but the actor may not do this. */
  'forbidden',
  /** The page has the origin `origin` instead of the server's own (`expected`): PUBLIC_URL has to be set. */
  'wrong_origin',
  /**
   * Client and server are of protocol versions that do not go together, or the call needs a newer server: nothing was done.
   * The same call again, later, or by a client of another version.
   */
  'version_not_served',
  /** Does not exist, or is not visible to the actor; the two are never distinguished. */
  'not_found',
  /** The state has moved on: already a member, already recalled, the last owner. */
  'conflict',
  /** The last owner cannot leave or step down while others are members. */
  'last_owner',
  /** The last active admin of the workspace cannot step down or be deactivated. */
  'last_admin',
  /** The group is full. */
  'limit_reached',
  /** Too many requests: wait `retryAfterMs`. */
  'rate_limited',
  /** The request is larger than LIMITS.requestBytes. */
  'too_large',
  /** It would take more time, rows or bytes than one call may use (docs/budget.md): ask for less. */
  'too_costly',
  /** Sign-up is by invitation and the invitation is missing, used or expired. */
  'invitation_required',
  /** The first account is made from another machine, and the code that the server printed is missing or wrong. */
  'code_required',
  /** E-mail and password do not belong together. Says nothing about whether the account exists. */
  'bad_credentials',
  /** The new password is too easy to guess; `weakness` says why. */
  'weak_password',
  /** E-mail and password are right, and an admin has deactivated the account. */
  'deactivated',
  /** A part that is needed is down; the command was not carried out or its outcome is unknown: retry with the same client id. */
  'unavailable',
  /** A defect on our side; it is in the log with the request id. */
  'internal',
] as const;

export const errorCode = z.enum(ERROR_CODES);
export type ErrorCode = z.infer<typeof errorCode>;

/** Why a password is too easy to guess. `personal`: it has one's name or e-mail in it. */
export const PASSWORD_WEAKNESSES = ['common', 'personal', 'repeats', 'sequence', 'guessable'] as const;
export type PasswordWeakness = (typeof PASSWORD_WEAKNESSES)[number];

/** The error data sent to the client with the HTTP status. */
export interface ErrorData {
  code: ErrorCode;
  /** For `rate_limited`: milliseconds to wait. */
  retryAfterMs?: number;
  /**
   * For `unauthenticated`: a revoked device wipes its data; one whose session expired keeps its outbox and drafts.
   * Left out if the request had no cookie of ours: browsers drop it when it expires, so this is not a revocation.
   */
  ended?: 'revoked' | 'expired';
  /** For `wrong_origin`: the origin that pages must have, and the one that came (empty: none). */
  expected?: string;
  origin?: string;
  /** For `version_not_served`: those that the server serves. */
  versions?: ProtocolVersions;
  /** For `weak_password`. */
  weakness?: PasswordWeakness;
  /** For `invalid_input`: path and reason of each fault, at most 10. */
  issues?: { path: string; message: string }[];
}

/** An error that an action throws on purpose; everything else becomes `internal`. */
export class LockstepError extends Error {
  override readonly name = 'LockstepError';
  constructor(
    readonly code: ErrorCode,
    message: string = code,
    readonly data: Omit<ErrorData, 'code'> = {},
  ) {
    super(message);
  }
}
