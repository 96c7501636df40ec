import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiOptions, createApiHandler } from '@lockstep/api';
import type { Core } from '@lockstep/core';
import { API_PATH, type ErrorData } from '@lockstep/protocol';
import { type Name, procedures } from '@lockstep/protocol/contract';

export const ORIGIN = 'http://chat.example.org';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at all kinds of results
  data: any;
  error: (ErrorData & { httpStatus: number; path: string | null }) | null;
}

export interface CallOptions {
  cookie?: string | undefined;
  headers?: Record<string, string>;
}

export interface ApiServer {
  url: string;
  /** Calls a procedure as a browser on our own pages does. */
  call(path: string, input: unknown, options?: CallOptions): Promise<Answer>;
  /** Any request at all; `path` is what follows API_PATH. */
  raw(path: string, init: RequestInit): Promise<Answer>;
  close(): Promise<void>;
}

export const typeOf = (path: string): 'query' | 'mutation' => {
  const entry = procedures.get(path as Name);
  if (!entry) throw new Error(`no procedure ${path}`);
  return entry.kind;
};

/** The API over real HTTP on a free port. */
export const startApi = async (core: Core, options: ApiOptions = {}): Promise<ApiServer> => {
  const server = createServer(createApiHandler(core, options) as RequestListener);
  // As in the product: never shorter than a client keeps an idle connection, or one of its requests is lost.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const raw = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${API_PATH}${path}`, init);
    const text = await response.text();
    let body: { result?: { data: unknown }; error?: { data: Answer['error'] } } = {};
    try {
      body = JSON.parse(text);
    } catch {}
    return {
      status: response.status,
      headers: response.headers,
      text,
      data: body.result?.data,
      error: body.error?.data ?? null,
    };
  };

  return {
    url,
    raw,
    call: (path, input, { cookie, headers = {} } = {}) => {
      const all = { ...(cookie ? { cookie } : {}), ...headers };
      const json = input === undefined ? undefined : JSON.stringify(input);
      if (typeOf(path) === 'query') {
        const query = json === undefined ? '' : `?input=${encodeURIComponent(json)}`;
        return raw(`${path}${query}`, { headers: all });
      }
      return raw(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ORIGIN, ...all },
        ...(json === undefined ? {} : { body: json }),
      });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
