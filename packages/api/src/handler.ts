import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Core, originFault } from '@lockstep/core';
import { API_PATH, type ErrorCode, isServed, LIMITS, VERSION_HEADER, versionOf } from '@lockstep/protocol';
import type { MutationName } from '@lockstep/protocol/contract';
import type { TRPCError } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { compressAnswer } from './compress.ts';
import { type ApiContext, requestContext } from './context.ts';
import { errorDataOf, refuse } from './errors.ts';
import { fastPost, isFastPost } from './fast-post.ts';
import { Gates } from './gates.ts';
import { LoginThrottle } from './login-throttle.ts';
import { type Budget, noRateLimits, rateLimits } from './rate-limits.ts';
import { createRouter } from './router.ts';
import { type Usage, Usages } from './usage.ts';

/** Calls in one HTTP request at most. */
export const BATCH_SIZE = 20;

/** The fast path, used by each message. */
const HOT_PATH = 'messages.send' satisfies MutationName;

export interface ApiOptions {
  /** Clock of the rate limits, in ms from any start; it only grows. */
  now?: () => number;
  /** Whether answers are checked against the contract: in tests, except benchmarks. */
  checkOutputs?: boolean;
  /** Called after each send that was acknowledged, with the time since the request came, in ms. */
  onSend?: ((ms: number) => void) | undefined;
}

export interface ApiHandler {
  (req: IncomingMessage, res: ServerResponse): void;
  /** The usage of each procedure since the start. */
  usage(): Record<string, Usage>;
  /** Refused calls since the start, by error code. */
  errors: ReadonlyMap<ErrorCode, number>;
  /** Those of them that a rate limit refused, by limit. */
  limited: ReadonlyMap<Budget, number>;
}

const increment = <K>(counts: Map<K, number>, key: K): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** Answers the requests under API_PATH. Every error is one of ErrorData; a stack never leaves the process. */
export const createApiHandler = (
  core: Core,
  {
    now = () => performance.now(),
    checkOutputs = core.settings.NODE_ENV === 'test',
    onSend,
  }: ApiOptions = {},
): ApiHandler => {
  const errors = new Map<ErrorCode, number>();
  const limited = new Map<Budget, number>();
  const isLimited = core.settings.RATE_LIMITS === 'on';
  const parts = {
    core,
    limits: isLimited ? rateLimits(now, (budget) => increment(limited, budget)) : noRateLimits,
    gates: new Gates(core.settings.DATABASE_POOL),
    usages: new Usages(core.log),
    throttle: isLimited ? new LoginThrottle(now) : null,
  };
  const foreign = originFault(core.settings, core.log);
  const versions = core.settings.protocol;
  const ownVersion = String(versions.current);

  const context = (req: IncomingMessage, res: ServerResponse, calls = 1): ApiContext => {
    const fault = req.method === 'POST' ? foreign(req) : null;
    if (fault) throw refuse(fault.code, fault.data);
    if (!isServed(versionOf(req.headers[VERSION_HEADER]), versions))
      throw refuse('version_not_served', { versions });
    if (Number(req.headers['content-length'] ?? 0) > LIMITS.requestBytes) throw refuse('too_large');
    return requestContext(parts, req, res, calls);
  };
  const headersOf = (errors: readonly TRPCError[]): Record<string, string> => {
    const wait = Math.max(0, ...errors.map((error) => errorDataOf(error).retryAfterMs ?? 0));
    return wait > 0 ? { 'retry-after': String(Math.ceil(wait / 1_000)) } : {};
  };
  const onError = (error: TRPCError, path: string | undefined, ctx: ApiContext | undefined) => {
    const { code } = errorDataOf(error);
    increment(errors, code);
    const line = { err: error.cause ?? error, path, requestId: ctx?.requestId };
    if (code === 'internal') core.log.error(line, 'api: a defect');
    else if (code === 'unavailable') core.log.warn(line, 'api: something is down');
  };

  const router = createRouter({ checkOutputs });
  const handle = createHTTPHandler({
    router,
    basePath: API_PATH,
    maxBodySize: LIMITS.requestBytes,
    maxBatchSize: BATCH_SIZE,
    createContext: async ({ req, res, info }) => context(req, res, info.calls.length),
    responseMeta: ({ errors }) => ({ headers: { 'cache-control': 'no-store', ...headersOf(errors) } }),
    onError: ({ error, path, ctx }) => onError(error, path, ctx),
  });
  const send = fastPost(HOT_PATH, {
    router,
    context,
    onError,
    headers: (error) => headersOf([error]),
    onAnswered: onSend,
  });

  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    res.setHeader(VERSION_HEADER, ownVersion);
    if (isFastPost(req, API_PATH + HOT_PATH)) {
      void send(req, res);
      return;
    }
    // Answers are never streamed, because any call of a batch may set a cookie.
    delete req.headers['trpc-accept'];
    compressAnswer(req, res, (bytes) => parts.usages.recordBytes(pathsOf(req), bytes));
    handle(req, res);
  };
  return Object.assign(answer, { usage: () => parts.usages.snapshot(), errors, limited });
};

/** The procedures of a request; unknown names are not counted. */
const pathsOf = ({ url = '' }: IncomingMessage): string[] =>
  (url.slice(API_PATH.length).split('?', 1)[0] ?? '').split(',', BATCH_SIZE);
