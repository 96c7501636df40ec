import { once } from 'node:events';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '@lockstep/core/settings';
import { type Me, PROTOCOL_VERSION } from '@lockstep/protocol';
import { type Calls, createHttp, type Engine } from '@lockstep/sync';
import { freePort, testDatabase } from '@lockstep/testing';
import { enter } from '@lockstep/testing/kit/people';
import { expect } from 'vitest';
import { type Backend, createBackend } from '../../server/backend.ts';

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
  const port = Number(env.PORT ?? (await freePort()));
  const url = `http://127.0.0.1:${port}`;
  const settings = loadSettings({
    NODE_ENV: 'test',
    DATA_DIR: join(tmpdir(), `lockstep-web-${port}`),
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

/** Of a server that serves none but this version, so that it refuses whoever does not say theirs. */
export const STRICT: Env = {
  LOCKSTEP_TEST: '1',
  LOCKSTEP_PROTOCOL: `${PROTOCOL_VERSION}-${PROTOCOL_VERSION}`,
};

export interface Account {
  me: Me;
  http: Calls;
  headers: { cookie: string; origin: string };
}

export const PASSWORD = 'a long password';

/** A new person, on a first device. */
export const signUp = (url: string, name: string): Promise<Account> =>
  account(url, 'auth.signUp', {
    name,
    email: `${name}-${crypto.randomUUID()}@example.org`,
    password: PASSWORD,
  });

/** One more device of a person. */
export const signIn = (url: string, { email }: Me): Promise<Account> =>
  account(url, 'auth.signIn', { email, password: PASSWORD });

const account = async (...[url, ...how]: Parameters<typeof enter>): Promise<Account> => {
  const { me, cookie } = await enter(url, ...how);
  const headers = { cookie, origin: url };
  return { me, headers, http: createHttp({ url, headers }) };
};

/** Resolves as soon as the state says so, which counts as an assertion. */
export const until = async (engine: Engine, what: string, holds: () => boolean): Promise<void> => {
  const state = await new Promise<'holds' | 'never came to hold'>((resolve) => {
    const timer = setTimeout(() => finish('never came to hold'), 30_000);
    const unsubscribe = engine.subscribe(() => holds() && finish('holds'));
    const finish = (how: 'holds' | 'never came to hold') => {
      clearTimeout(timer);
      unsubscribe();
      resolve(how);
    };
    if (holds()) finish('holds');
  });
  expect(state, what).toBe('holds');
};
