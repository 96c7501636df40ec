import { ERROR_CODES, type ErrorCode, LockstepError } from '@lockstep/protocol';
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { errorDataOf, formatError, refuse, toTRPCError } from '../src/errors.ts';

/** What each error travels as: part of the contract, since proxies and scripts go by it. */
const STATUS: Record<ErrorCode, number> = {
  invalid_input: 400,
  weak_password: 400,
  unauthenticated: 401,
  bad_credentials: 401,
  forbidden: 403,
  wrong_origin: 403,
  invitation_required: 403,
  code_required: 403,
  deactivated: 403,
  not_found: 404,
  conflict: 409,
  last_owner: 409,
  last_admin: 409,
  limit_reached: 409,
  version_not_served: 412,
  too_large: 413,
  too_costly: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
};
const thrown = (cause: unknown) => new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause });

describe('errors on the wire', () => {
  test.each(ERROR_CODES)('%s has its status, whether an action throws it or the endpoint refuses', (code) => {
    for (const error of [toTRPCError(thrown(new LockstepError(code))), refuse(code)]) {
      expect(getHTTPStatusCodeFromError(error)).toBe(STATUS[code]);
      expect(errorDataOf(error)).toEqual({ code });
    }
  });

  test('what it says beside its code goes along, words do not', () => {
    const error = refuse('rate_limited', { retryAfterMs: 1_500 });
    expect(formatError({ shape: { code: -32_029 }, error, path: 'messages.send' })).toEqual({
      code: -32_029,
      message: 'rate_limited',
      data: { code: 'rate_limited', retryAfterMs: 1_500, httpStatus: 429, path: 'messages.send' },
    });
    const secret = toTRPCError(thrown(new LockstepError('not_found', 'the owner is Ann')));
    const reported = formatError({ shape: { code: 0 }, error: secret, path: undefined });
    expect(reported).toEqual({
      code: 0,
      message: 'not_found',
      data: { code: 'not_found', httpStatus: 404, path: null },
    });
  });

  test('faults of an input by their path, ten at most', () => {
    const many = z.object(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f${n}`, z.string()])));
    const { error: cause } = many.safeParse({});
    const { code, issues } = errorDataOf(new TRPCError({ code: 'BAD_REQUEST', cause }));
    expect(code).toBe('invalid_input');
    expect(issues?.map(({ path }) => path)).toEqual(Array.from({ length: 10 }, (_, n) => `f${n}`));
    const nested = z.object({ a: z.array(z.string()) }).safeParse({ a: ['x', 1] });
    expect(errorDataOf(new TRPCError({ code: 'BAD_REQUEST', cause: nested.error })).issues?.[0]?.path).toBe(
      'a.1',
    );
  });

  test.each<[string, unknown, ErrorCode]>([
    ['a defect', new TypeError('x is undefined'), 'internal'],
    ['nothing at all', undefined, 'internal'],
    ['the database away', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'unavailable'],
    ['the database shutting down', Object.assign(new Error('bye'), { code: '57P01' }), 'unavailable'],
    ['a deadlock', Object.assign(new Error('deadlock'), { code: '40P01' }), 'unavailable'],
    ['a value that Postgres refuses', Object.assign(new Error('nul'), { code: '22021' }), 'invalid_input'],
    ['Prisma without a database', Object.assign(new Error('no server'), { code: 'P1001' }), 'unavailable'],
    ['Prisma with another fault', Object.assign(new Error('not found'), { code: 'P2025' }), 'internal'],
  ])('%s', (_, cause, code) => {
    const error = toTRPCError(thrown(cause));
    expect(errorDataOf(error)).toEqual({ code });
    expect(getHTTPStatusCodeFromError(error)).toBe(STATUS[code]);
  });

  test.each<[TRPCError['code'], ErrorCode]>([
    ['PARSE_ERROR', 'invalid_input'],
    ['BAD_REQUEST', 'invalid_input'],
    ['METHOD_NOT_SUPPORTED', 'invalid_input'],
    ['UNSUPPORTED_MEDIA_TYPE', 'invalid_input'],
    ['UNPROCESSABLE_CONTENT', 'invalid_input'],
    ['UNAUTHORIZED', 'unauthenticated'],
    ['FORBIDDEN', 'forbidden'],
    ['NOT_FOUND', 'not_found'],
    ['CONFLICT', 'conflict'],
    ['PAYLOAD_TOO_LARGE', 'too_large'],
    ['TOO_MANY_REQUESTS', 'rate_limited'],
    ['SERVICE_UNAVAILABLE', 'unavailable'],
    ['CLIENT_CLOSED_REQUEST', 'unavailable'],
    ['TIMEOUT', 'internal'],
  ])('what tRPC itself refuses as %s is %s', (code, reported) => {
    expect(errorDataOf(new TRPCError({ code }))).toEqual({ code: reported });
  });
});
