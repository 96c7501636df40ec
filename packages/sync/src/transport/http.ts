import { API_PATH, type ErrorCode, type ErrorData, LockstepError } from '@lockstep/protocol';
import { callsOver } from './calls.ts';
import type { Call, Calls } from './port.ts';

export interface HttpOptions {
  /** Origin of the server, such as `https://chat.example.org`; empty for the page's own. */
  url: string;
  /** For Node, where there is no cookie jar: `{ cookie, origin }`. */
  headers?: Record<string, string>;
  /** A call without an answer by then has an unknown outcome. In ms; null: as long as it takes. */
  timeoutMs?: number | null;
  fetch?: typeof fetch;
}

/**
 * Calls of the API in tRPC's HTTP format, one call a request, so that a send never waits for a slow query
 * (trpc.io/docs/rpc).
 */
export const callOverHttp = ({ url, headers = {}, timeoutMs = 20_000, ...options }: HttpOptions): Call => {
  const request = async (address: string, init: RequestInit): Promise<unknown> => {
    const send = options.fetch ?? fetch;
    const response = await send(url + API_PATH + address, {
      ...init,
      headers: { ...headers, ...init.headers },
      credentials: 'same-origin',
      cache: 'no-store',
    });
    return unwrap(response.status, await response.text());
  };
  return async (kind, name, input, { signal } = {}) => {
    const abort = new AbortController();
    const give = () => abort.abort(signal?.reason);
    const timer =
      timeoutMs === null
        ? undefined
        : setTimeout(() => abort.abort(new Error('no answer in time')), timeoutMs);
    signal?.addEventListener('abort', give);
    if (signal?.aborted) give();
    const text = input === undefined ? undefined : JSON.stringify(input);
    try {
      if (kind === 'query')
        return await request(text === undefined ? name : `${name}?input=${encodeURIComponent(text)}`, {
          signal: abort.signal,
        });
      return await request(name, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        ...(text === undefined ? {} : { body: text }),
        signal: abort.signal,
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', give);
    }
  };
};

export const createHttp = (options: HttpOptions): Calls => callsOver(callOverHttp(options));

interface Envelope {
  result?: { data: unknown };
  error?: { message?: string; data?: Partial<ErrorData> };
}

/** Anything that is not in the format comes from something between us and the server: the outcome is unknown. */
const unwrap = (status: number, text: string): unknown => {
  let body: Envelope | null = null;
  try {
    body = JSON.parse(text) as Envelope | null;
  } catch {
    throw new LockstepError('unavailable', `status ${status} and no JSON`);
  }
  if (body?.result) return body.result.data;
  const { code = 'unavailable' as ErrorCode, ...data } = body?.error?.data ?? {};
  throw new LockstepError(code, body?.error?.message ?? `status ${status}`, data);
};
