import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '@lockstep/core';
import { LIMITS } from '@lockstep/protocol';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { requestContext } from './context.ts';
import { errorDataOf, refuse } from './errors.ts';
import { Guesses } from './guesses.ts';
import { originCheck } from './origin.ts';
import { noRateLimits, rateLimits } from './rate-limits.ts';
import { appRouter } from './router.ts';

/** Where the API is mounted. */
export const API_PATH = '/api/trpc/';

/** Calls in one HTTP request at most. */
export const BATCH_SIZE = 20;

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

  const handle = createHTTPHandler({
    router: appRouter,
    basePath: API_PATH,
    maxBodySize: LIMITS.requestBytes,
    maxBatchSize: BATCH_SIZE,
    createContext: async ({ req, res }) => {
      if (req.method === 'POST' && !isOurOrigin(req)) throw refuse('forbidden');
      if (Number(req.headers['content-length'] ?? 0) > LIMITS.requestBytes) throw refuse('too_large');
      return requestContext(parts, req, res);
    },
    responseMeta: ({ errors }) => {
      const wait = Math.max(0, ...errors.map((error) => errorDataOf(error).retryAfterMs ?? 0));
      return {
        headers: {
          'cache-control': 'no-store',
          ...(wait > 0 ? { 'retry-after': String(Math.ceil(wait / 1_000)) } : {}),
        },
      };
    },
    onError: ({ error, path, ctx }) => {
      const { code } = errorDataOf(error);
      const line = { err: error.cause ?? error, path, requestId: ctx?.requestId };
      if (code === 'internal') core.log.error(line, 'api: a defect');
      else if (code === 'unavailable') core.log.warn(line, 'api: something is down');
    },
  });

  return (req, res) => {
    // Answers are never streamed: a cookie must be able to follow from any call of a batch.
    delete req.headers['trpc-accept'];
    handle(req, res);
  };
};
