import { type ErrorCode, type ErrorData, LockstepError } from '@lockstep/protocol';

export interface HttpOptions {
  /** Origin of the server, such as `https://chat.example.org`; empty for the page's own. */
  url: string;
  /** For Node, where there is no cookie jar: `{ cookie, origin }`. */
  headers?: Record<string, string>;
  /** A call without an answer by then has an unknown outcome. In ms. */
  timeoutMs?: number;
  fetch?: typeof fetch;
}

export interface Http {
  query<T>(path: string, input?: unknown): Promise<T>;
  mutate<T>(path: string, input: unknown): Promise<T>;
}

/**
 * Calls of the API in tRPC's HTTP format, one call a request, so that a send never waits for a slow query
 * (trpc.io/docs/rpc). The schemas are those of packages/protocol: this package must not know the server's router.
 */
export const createHttp = ({ url, headers = {}, timeoutMs = 20_000, ...options }: HttpOptions): Http => {
  const call = async <T>(address: string, init: RequestInit): Promise<T> => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error('no answer in time')), timeoutMs);
    try {
      const send = options.fetch ?? fetch;
      const response = await send(`${url}/api/trpc/${address}`, {
        ...init,
        headers: { ...headers, ...init.headers },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: abort.signal,
      });
      return unwrap<T>(response.status, await response.text());
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    query: (path, input) =>
      call(input === undefined ? path : `${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {}),
    mutate: (path, input) =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      }),
  };
};

interface Envelope<T> {
  result?: { data: T };
  error?: { message?: string; data?: Partial<ErrorData> };
}

/** Anything that is not in the format comes from something between us and the server: the outcome is unknown. */
const unwrap = <T>(status: number, text: string): T => {
  let body: Envelope<T> | null = null;
  try {
    body = JSON.parse(text) as Envelope<T> | null;
  } catch {
    throw new LockstepError('unavailable', `status ${status} and no JSON`);
  }
  if (body?.result) return body.result.data;
  const { code = 'unavailable' as ErrorCode, ...data } = body?.error?.data ?? {};
  throw new LockstepError(code, body?.error?.message ?? `status ${status}`, data);
};
