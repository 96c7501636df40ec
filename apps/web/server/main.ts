import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import timers from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isLocalRequest } from '@lockstep/api';
import { firstAdminCodeOf, hostCheck, isLoopbackHost } from '@lockstep/core';
import { captureConsole } from '@lockstep/core/log';
import { collectStartGarbage } from '@lockstep/core/memory';
import { loadSettings, type Settings, SettingsError } from '@lockstep/core/settings';
import { awaitSchema } from '@lockstep/core/sockets';
import { BUILD_HEADER, shellLocale } from '../lib/pwa/paths.ts';
import { type Backend, createBackend } from './backend.ts';
import { connectionLimits } from './http/connections.ts';
import { securePage } from './http/headers.ts';
import { pageBudget } from './http/page-budget.ts';
import { keepKnownHeaders } from './http/page-headers.ts';
import { createWebServer } from './http/web-server.ts';
import { listenToLauncher } from './processes.ts';
import type { Route } from './routes.ts';
import { createWorkerScript, WORKER_PATH } from './worker-script.ts';

// Pages, API and sockets on one port. Run it without a wrapper such as npx, which would leave it running on
// SIGTERM.

declare global {
  /** How server components reach the backend of their process (pages.ts). */
  var lockstep: Backend | undefined;
}

const dev = process.env.LOCKSTEP_DEV === '1';
// React and Next choose their build by it, at import.
Object.assign(process.env, { NODE_ENV: process.env.NODE_ENV || (dev ? 'development' : 'production') });

/** How long devices may take to connect to another web process after a stop signal, in ms. */
const MOVE_MS = 4_000;
/** Beside another web process, for how long at least proxies may still use connections that they keep, in ms. */
const KEPT_MS = 1_000;
/** How long open requests may take after that, in ms. */
const STOP_MS = 3_000;
/** After this the process ends whatever is open, in ms; docker compose waits for 10 s. */
const END_MS = 9_000;

/** How long to wait for the database before listening without it, in ms. */
const DATABASE_MS = 2_000;

const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const tooMany = (res: ServerResponse, seconds: number) =>
  void res
    .writeHead(429, { 'Content-Type': 'text/plain', 'Retry-After': String(seconds) })
    .end('Too many requests.\n');

/** For running the web process without `npm start`, as docker compose does. */
const printFirstAdminCode = async ({ core, status }: Backend, settings: Settings): Promise<void> => {
  const { ready } = await status().catch(() => ({ ready: true }));
  if (ready || (isLoopbackHost(settings.HOST) && isLoopbackHost(new URL(settings.PUBLIC_URL).host))) return;
  core.log.warn(
    { code: firstAdminCodeOf(settings) },
    'there is no account yet: the first one becomes the administrator, and needs this code',
  );
};

/**
 * Next takes its settings from the build, as its own standalone server does: to run next.config.ts it would load its
 * compiler, 60 MB that are of no other use here.
 */
const takeBuiltConfig = (dir: string): void => {
  const { config } = JSON.parse(readFileSync(join(dir, '.next/required-server-files.json'), 'utf8'));
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
};

const start = async () => {
  const settings = loadSettings(process.env);
  listenToLauncher();
  if (settings.DATABASE_URL) {
    const schema = awaitSchema(settings.DATABASE_URL).catch((error: Error) => fail(error.message));
    // Do not wait for a database that is down: /healthz reports it, and pages work once it is back.
    await Promise.race([schema, new Promise((resolve) => setTimeout(resolve, DATABASE_MS))]);
  }
  const backend = await createBackend(settings);
  const { log } = backend.core;
  globalThis.lockstep = backend;
  // Pages cannot be answered yet.
  backend.setReady(false);
  if (!dev) captureConsole(log);

  const dir = fileURLToPath(new URL('..', import.meta.url));
  if (!dev) takeBuiltConfig(dir);
  const { default: next } = await import('next');
  // Next puts its own upgrades on this one, which listens nowhere: in production they are of no use, and would be
  // answered twice.
  const nextServer = createServer();
  const app = next({ dev, hostname: settings.HOST, port: settings.PORT, httpServer: nextServer, dir });
  const pages = app.getRequestHandler();
  const headers = { publicUrl: settings.PUBLIC_URL, dev, lab: settings.lab };
  const prepared = app.prepare().then(() => createWorkerScript({ ...headers, dir }));

  const budget = pageBudget(settings);
  const page: Route['answer'] = async (req, res) => {
    const wait = budget(req);
    if (wait > 0) return tooMany(res, wait);
    const { build } = await prepared;
    // By the headers as they came: those of a proxy are taken away next.
    const isLocal = isLocalRequest(req, settings);
    if (!dev) keepKnownHeaders(req);
    securePage(req, res, headers);
    req.headers['x-local'] = isLocal ? '1' : '0';
    req.headers[BUILD_HEADER] = build;
    if (shellLocale(req.url ?? '')) res.setHeader(BUILD_HEADER, build);
    await pages(req, res);
  };
  const { server: httpServer, drain } = createWebServer({
    headers,
    log,
    limits: connectionLimits(settings),
    trustProxy: settings.TRUST_PROXY === 'on',
    isOurHost: hostCheck(settings),
    sockets: backend.sockets,
    otherUpgrade: dev ? (req, socket, head) => void nextServer.emit('upgrade', req, socket, head) : undefined,
    routes: [
      ...backend.routes,
      { path: WORKER_PATH, isPage: true, answer: async (req, res) => (await prepared).answer(req, res) },
      { path: '/', isPage: true, answer: page },
    ],
  });

  httpServer.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      fail(`PORT ${settings.PORT} is taken: stop what uses it, or set another PORT`);
    if (error.code === 'EACCES') fail(`PORT ${settings.PORT} needs more rights: set a PORT of 1024 or above`);
    if (error.code === 'EADDRNOTAVAIL') fail(`HOST ${settings.HOST} is not an address of this machine`);
    fail(`Cannot listen on ${settings.HOST}:${settings.PORT}: ${error.message}`);
  });
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    backend.setReady(false);
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), END_MS).unref();
    // Accepts first what has already arrived: the system resets connections that nobody has accepted.
    await timers.setImmediate();
    drain.leave();
    if (settings.PUSH !== 'memory')
      await Promise.all([backend.moveSockets(MOVE_MS), timers.setTimeout(KEPT_MS)]);
    await drain.stop(STOP_MS);
    await backend.close();
    httpServer.closeAllConnections();
    await app.close().catch(() => {});
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
  // A hangup is for whoever writes our log.
  process.on('SIGHUP', () => {});
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));

  // Not before: a proxy sends people and devices here as soon as the port takes connections.
  await prepared.catch((error: Error) => fail(`The pages cannot be served: ${error.message}`));
  if (stopping) return;
  httpServer.listen(settings.PORT, settings.HOST, async () => {
    backend.setReady(!stopping);
    await printFirstAdminCode(backend, settings);
    log.info({ host: settings.HOST, port: settings.PORT, url: settings.PUBLIC_URL }, 'listening');
    collectStartGarbage();
  });
};

start().catch((error: Error) => {
  if (error instanceof SettingsError) fail(error.message);
  throw error;
});
