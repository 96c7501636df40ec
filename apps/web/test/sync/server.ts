import { once } from 'node:events';
import { createServer } from 'node:http';
import { loadSettings } from '@lockstep/core/settings';
import type { Me } from '@lockstep/protocol';
import { createHttp, type Engine, type Http } from '@lockstep/sync';
import { freePort, testDatabase } from '@lockstep/testing';
import { enter } from '@lockstep/testing/kit/people';
import { type Backend, createBackend } from '../../backend.ts';

export interface TestServer {
  url: string;
  backend: Backend;
  close(): Promise<void>;
}

type Env = Record<string, string>;

/** HTTP and sockets on a Postgres of its own; only the pages and the worker are not there. */
export const startServer = async (env: Env = {}): Promise<TestServer> => {
  const database = await testDatabase();
  const server = await startWeb(database.url, env);
  const close = async () => {
    await server.close();
    await database.drop();
  };
  return { ...server, close };
};

/** One web process, of which a database may have several. */
export const startWeb = async (databaseUrl: string, env: Env = {}): Promise<TestServer> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = loadSettings({
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
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
  };
  return { url, backend, close };
};

export interface Account {
  me: Me;
  http: Http;
  headers: { cookie: string; origin: string };
}

const password = 'a long password';

/** A new person, on a first device. */
export const signUp = (url: string, name: string): Promise<Account> =>
  account(url, 'auth.signUp', { name, email: `${name}-${crypto.randomUUID()}@example.org`, password });

/** One more device of a person. */
export const signIn = (url: string, { email }: Me): Promise<Account> =>
  account(url, 'auth.signIn', { email, password });

const account = async (...[url, ...how]: Parameters<typeof enter>): Promise<Account> => {
  const { me, cookie } = await enter(url, ...how);
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
