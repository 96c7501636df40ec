import {
  API_PATH,
  type ErrorData,
  isServed,
  LockstepError,
  PROTOCOL_VERSIONS,
  type ProtocolVersions,
  VERSION_HEADER,
  versionOf,
} from '@lockstep/protocol';
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
  /** Told with every answer, and with every socket, of the server's version, and whether the two go together. */
  onVersion?: (version: number, isServed: boolean) => void;
  /** Those of this client, where they are not those of this build: in tests. Null: it does not say any. */
  versions?: ProtocolVersions | null;
}

/**
 * Calls of the API in tRPC's HTTP format, one call a request, so that a send never waits for a slow query
 * (trpc.io/docs/rpc).
 */
export const callOverHttp = ({ url, headers = {}, timeoutMs = 20_000, ...options }: HttpOptions): Call => {
  const { versions = PROTOCOL_VERSIONS } = options;
  const said: Record<string, string> = versions ? { [VERSION_HEADER]: String(versions.current) } : {};
  const request = async (address: string, init: RequestInit): Promise<unknown> => {
    const send = options.fetch ?? fetch;
    const response = await send(url + API_PATH + address, {
      ...init,
      headers: { ...headers, ...said, ...init.headers },
      credentials: 'same-origin',
      cache: 'no-store',
    });
    const { data, error } = parse(response.status, await response.text());
    const server = versionOf(response.headers.get(VERSION_HEADER));
    const isUnderstood = !versions || isServed(server, versions);
    options.onVersion?.(server, isUnderstood && error?.code !== 'version_not_served');
    // It may not know yet what a newer client puts into its calls: then that is no refusal.
    const isBehind = versions && server < versions.current && error?.code === 'invalid_input';
    if (!isUnderstood || isBehind)
      throw new LockstepError('version_not_served', `the server is of version ${server}`);
    if (error) throw error;
    return data;
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
const parse = (status: number, text: string): { data?: unknown; error?: LockstepError } => {
  let body: Envelope | null = null;
  try {
    body = JSON.parse(text) as Envelope | null;
  } catch {
    throw new LockstepError('unavailable', `status ${status} and no JSON`);
  }
  if (body?.result) return { data: body.result.data };
  const { code, ...data } = body?.error?.data ?? {};
  const message = body?.error?.message ?? `status ${status}`;
  if (!code) throw new LockstepError('unavailable', message, data);
  return { error: new LockstepError(code, message, data) };
};
