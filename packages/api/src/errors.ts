import { BudgetOver, errorCodeOf } from '@lockstep/core';
import type { ErrorCode, ErrorData } from '@lockstep/protocol';
import { LockstepError } from '@lockstep/protocol';
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { ZodError } from 'zod';

/** The tRPC code for each error code; the HTTP status follows from tRPC's own table. */
const TRPC_CODES: Record<ErrorCode, TRPCError['code']> = {
  invalid_input: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  wrong_origin: 'FORBIDDEN',
  version_not_served: 'PRECONDITION_FAILED',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  last_owner: 'CONFLICT',
  last_admin: 'CONFLICT',
  limit_reached: 'CONFLICT',
  rate_limited: 'TOO_MANY_REQUESTS',
  too_large: 'PAYLOAD_TOO_LARGE',
  too_costly: 'UNPROCESSABLE_CONTENT',
  invitation_required: 'FORBIDDEN',
  code_required: 'FORBIDDEN',
  bad_credentials: 'UNAUTHORIZED',
  weak_password: 'BAD_REQUEST',
  deactivated: 'FORBIDDEN',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
};

/** Errors that tRPC itself throws before a procedure runs. */
const OWN_CODES: Partial<Record<TRPCError['code'], ErrorCode>> = {
  PARSE_ERROR: 'invalid_input',
  BAD_REQUEST: 'invalid_input',
  METHOD_NOT_SUPPORTED: 'invalid_input',
  UNSUPPORTED_MEDIA_TYPE: 'invalid_input',
  UNPROCESSABLE_CONTENT: 'invalid_input',
  UNAUTHORIZED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  NOT_FOUND: 'not_found',
  CONFLICT: 'conflict',
  PAYLOAD_TOO_LARGE: 'too_large',
  TOO_MANY_REQUESTS: 'rate_limited',
  SERVICE_UNAVAILABLE: 'unavailable',
  CLIENT_CLOSED_REQUEST: 'unavailable',
};

const MAX_ISSUES = 10;

/** The error data sent to the client; everything else stays in the log. */
export const errorDataOf = (error: TRPCError): ErrorData => {
  const { cause } = error;
  if (cause instanceof LockstepError) return { code: cause.code, ...cause.data };
  if (cause instanceof BudgetOver) return { code: 'too_costly' };
  if (cause instanceof ZodError) {
    const issues = cause.issues
      .slice(0, MAX_ISSUES)
      .map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
    return { code: 'invalid_input', issues };
  }
  if (error.code === 'INTERNAL_SERVER_ERROR') return { code: errorCodeOf(cause ?? error) };
  return { code: OWN_CODES[error.code] ?? 'internal' };
};

/** The error with the matching HTTP status. */
export const toTRPCError = (error: TRPCError): TRPCError => {
  const code = TRPC_CODES[errorDataOf(error).code];
  return code === error.code ? error : new TRPCError({ code, cause: error.cause });
};

/** Drops message and stack of tRPC's shape: clients dispatch on `data.code`. */
export const formatError = ({
  shape,
  error,
  path,
  ctx,
}: {
  shape: { code: number };
  error: TRPCError;
  path: string | undefined;
  ctx?: { isOfNewer: boolean } | undefined;
}) => {
  // There is no such call; a newer server may have it.
  const isMissing = error.code === 'NOT_FOUND' && !error.cause && ctx?.isOfNewer;
  const data: ErrorData = isMissing ? { code: 'version_not_served' } : errorDataOf(error);
  return {
    code: shape.code,
    message: data.code as string,
    data: { ...data, httpStatus: getHTTPStatusCodeFromError(error), path: path ?? null },
  };
};

/** For requests refused outside a procedure. */
export const refuse = (code: ErrorCode, data: Omit<ErrorData, 'code'> = {}): TRPCError =>
  new TRPCError({ code: TRPC_CODES[code], cause: new LockstepError(code, code, data) });
