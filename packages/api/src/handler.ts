import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Core, originCheck } from '@lockstep/core';
import { LIMITS } from '@lockstep/protocol';
import type { TRPCError } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { compressAnswer } from './compress.ts';
import { type ApiContext, requestContext } from './context.ts';
import { errorDataOf, refuse } from './errors.ts';
import { fastPost, isFastPost } from './fast-post.ts';
import { Guesses } from './guesses.ts';
import { noRateLimits, rateLimits } from './rate-limits.ts';
import { appRouter } from './router.ts';

/** Where the API is mounted. */
export const API_PATH = '/api/trpc/';

/** Calls in one HTTP request at most. */
export const BATCH_SIZE = 20;

/** Each message goes this way. */
const HOT_PATH = 'messages.send';

export interface ApiOptions {
  /** Clock of the rate limits, in epoch milliseconds. */
  now?: () => number;
}

/** Answers the requests under API_PATH. Every error is one of ErrorData; a stack never leaves the process. */
export const createApiHandler = (
  core: Core,
  { now = Date.now }: ApiOptions = {},
): ((req: IncomingMessage, res: ServerResponse) => void) => {
  const isLimited = core.settings.RATE_LIMITS === 'on';
  const parts = {
    core,
    limits: isLimited ? rateLimits(now) : noRateLimits,
    guesses: isLimited ? new Guesses(now) : null,
  };
  const isOurOrigin = originCheck(core.settings);

  const context = (req: IncomingMessage, res: ServerResponse): ApiContext => {
    if (req.method === 'POST' && !isOurOrigin(req)) throw refuse('forbidden');
    if (Number(req.headers['content-length'] ?? 0) > LIMITS.requestBytes) throw refuse('too_large');
    return requestContext(parts, req, res);
  };
  const headersOf = (errors: readonly TRPCError[]): Record<string, string> => {
    const wait = Math.max(0, ...errors.map((error) => errorDataOf(error).retryAfterMs ?? 0));
    return wait > 0 ? { 'retry-after': String(Math.ceil(wait / 1_000)) } : {};
  };
  const onError = (error: TRPCError, path: string | undefined, ctx: ApiContext | undefined) => {
    const { code } = errorDataOf(error);
    const line = { err: error.cause ?? error, path, requestId: ctx?.requestId };
    if (code === 'internal') core.log.error(line, 'api: a defect');
    else if (code === 'unavailable') core.log.warn(line, 'api: something is down');
  };

  const handle = createHTTPHandler({
    router: appRouter,
    basePath: API_PATH,
    maxBodySize: LIMITS.requestBytes,
    maxBatchSize: BATCH_SIZE,
    createContext: async ({ req, res }) => context(req, res),
    responseMeta: ({ errors }) => ({ headers: { 'cache-control': 'no-store', ...headersOf(errors) } }),
    onError: ({ error, path, ctx }) => onError(error, path, ctx),
  });
  const send = fastPost(HOT_PATH, { context, onError, headers: (error) => headersOf([error]) });

  return (req, res) => {
    if (isFastPost(req, API_PATH + HOT_PATH)) {
      void send(req, res);
      return;
    }
    // Answers are never streamed: a cookie must be able to follow from any call of a batch.
    delete req.headers['trpc-accept'];
    compressAnswer(req, res);
    handle(req, res);
  };
};
