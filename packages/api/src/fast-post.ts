import type { IncomingMessage, ServerResponse } from 'node:http';
import { LIMITS } from '@lockstep/protocol';
import type { MutationName } from '@lockstep/protocol/contract';
import { callTRPCProcedure, getTRPCErrorFromUnknown, type TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { ApiContext } from './context.ts';
import { formatError, refuse } from './errors.ts';
import type { AppRouter } from './router.ts';

interface FastPostOptions {
  router: AppRouter;
  /** Throws if the request is refused before it is read. */
  context(req: IncomingMessage, res: ServerResponse): ApiContext;
  onError(error: TRPCError, path: string, ctx: ApiContext | undefined): void;
  headers(error: TRPCError): Record<string, string>;
  /** Called after each successful answer, with the time since the request came, in ms. */
  onAnswered?: ((ms: number) => void) | undefined;
}

/**
 * tRPC's wire format for the hot path: a single mutation in its POST, such as `messages.send`. tRPC's own adapter
 * builds a Fetch request, abort signals and streams for each call, which costs more than storing the message
 * (docs/adr/0008). Everything else goes to tRPC's adapter, and a test compares the answers of both.
 */
export const fastPost = (
  path: MutationName,
  { router, context, onError, headers, onAnswered }: FastPostOptions,
) => {
  const answer = (res: ServerResponse, status: number, body: unknown, more: Record<string, string> = {}) => {
    const text = JSON.stringify(body);
    res.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      ...more,
    });
    res.end(text);
  };

  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    let ctx: ApiContext | undefined;
    try {
      ctx = context(req, res);
      const input = parse(await read(req));
      const data = await callTRPCProcedure({
        router,
        path,
        getRawInput: async () => input,
        ctx,
        type: 'mutation',
        signal: undefined,
        batchIndex: 0,
      });
      answer(res, 200, { result: { data } });
      onAnswered?.(performance.now() - startedAt);
    } catch (thrown) {
      const error = getTRPCErrorFromUnknown(thrown);
      onError(error, path, ctx);
      const shape = formatError({ shape: { code: TRPC_ERROR_CODES_BY_KEY[error.code] }, error, path });
      answer(res, getHTTPStatusCodeFromError(error), { error: shape }, headers(error));
    }
  };
};

/** Whether a request has the shape: `POST <base>messages.send` with JSON, not a batch. */
export const isFastPost = (req: IncomingMessage, url: string): boolean =>
  req.method === 'POST' &&
  req.url === url &&
  (req.headers['content-type'] ?? '').startsWith('application/json');

/** The body as text. Refuses more than LIMITS.requestBytes, also without a Content-Length. */
const read = (req: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LIMITS.requestBytes) {
        req.removeAllListeners('data');
        req.resume();
        reject(refuse('too_large'));
      } else chunks.push(chunk);
    });
    req.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    req.on('error', () => reject(refuse('invalid_input')));
  });

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw refuse('invalid_input');
  }
};
