import { once } from 'node:events';
import { createServer } from 'node:http';
import { loadSettings } from '@lockstep/core/settings';
import type { Me } from '@lockstep/protocol';
import { createHttp, type Engine, type Http } from '@lockstep/sync';
import { freePort, testDatabase } from '@lockstep/testing';
import { type Backend, createBackend } from '../../backend.ts';

export interface TestServer {
  url: string;
  backend: Backend;
  close(): Promise<void>;
}

/** HTTP and sockets on a Postgres of its own; only the pages and the worker are not there. */
export const startServer = async (env: Record<string, string> = {}): Promise<TestServer> => {
  const database = await testDatabase();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = loadSettings({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    PUBLIC_URL: url,
    PORT: String(port),
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'fatal',
    ...env,
  });
  const backend = await createBackend(settings);
  const server = createServer((req, res) => {
    if (!backend.handle(req, res)) res.writeHead(404).end();
  });
  backend.attach(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    await backend.close();
    server.closeAllConnections();
    server.close();
    await database.drop();
  };
  return { url, backend, close };
};

export interface Account {
  me: Me;
  http: Http;
  headers: { cookie: string; origin: string };
}

export const signUp = async (url: string, name: string): Promise<Account> => {
  let cookie = '';
  const remember: typeof fetch = async (...args) => {
    const response = await fetch(...args);
    cookie ||= response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    return response;
  };
  const door = createHttp({ url, headers: { origin: url }, fetch: remember });
  const email = `${name}-${crypto.randomUUID()}@example.org`;
  const me = await door.mutate<Me>('auth.signUp', { name, email, password: 'a long password' });
  const headers = { cookie, origin: url };
  return { me, headers, http: createHttp({ url, headers }) };
};

/** Resolves as soon as the state says so. */
export const until = (engine: Engine, what: string, holds: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(new Error(`never came to hold: ${what}`)), 15_000);
    const unsubscribe = engine.subscribe(() => holds() && finish());
    const finish = (error?: Error) => {
      clearTimeout(timer);
      unsubscribe();
      if (error) reject(error);
      else resolve();
    };
    if (holds()) finish();
  });
