import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { loadSettings, SettingsError } from '@lockstep/core/settings';
import { type Backend, createBackend } from './backend.ts';
import { createDrain } from './drain.ts';
import { securePage } from './headers.ts';
import { BUILD_HEADER, shellLocale } from './lib/pwa/paths.ts';
import { createWorkerScript, WORKER_PATH } from './sw/script.ts';

// Pages, API and sockets on one port. Run it with `node --import tsx server.ts`: a wrapper such as npx would leave it
// running on SIGTERM.

declare global {
  /** How server components reach the backend of their process (lib/server.ts). */
  var lockstep: Backend | undefined;
}

const dev = process.env.LOCKSTEP_DEV === '1';
// React and Next choose their build by it, at import.
Object.assign(process.env, { NODE_ENV: process.env.NODE_ENV || (dev ? 'development' : 'production') });

/** Requests in hand when it is told to stop get so long for their answer, in ms. */
const STOP_MS = 3_000;

const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const start = async () => {
  const settings = loadSettings(process.env);
  const backend = await createBackend(settings);
  const { log } = backend.core;
  globalThis.lockstep = backend;

  const { default: next } = await import('next');
  const httpServer = createServer({ keepAlive: true, requestTimeout: 60_000, headersTimeout: 20_000 });
  // Longer than the idle time-out of usual proxies, so that they never reuse a connection we are about to close.
  httpServer.keepAliveTimeout = 75_000;
  const dir = fileURLToPath(new URL('.', import.meta.url));
  const app = next({ dev, hostname: settings.HOST, port: settings.PORT, httpServer, dir });
  const pages = app.getRequestHandler();
  // Whoever comes in the first second waits for it.
  const headers = { publicUrl: settings.PUBLIC_URL, dev, lab: settings.lab };
  const prepared = app.prepare().then(() => createWorkerScript({ ...headers, dir }));

  const drain = createDrain(httpServer);
  backend.attach(httpServer);
  httpServer.on('request', async (req, res) => {
    if (!drain.enter(res)) return;
    try {
      const worker = await prepared;
      if (backend.handle(req, res)) return;
      if (req.url === WORKER_PATH) return worker.answer(req, res);
      securePage(req, res, headers);
      req.headers[BUILD_HEADER] = worker.build;
      if (shellLocale(req.url ?? '')) res.setHeader(BUILD_HEADER, worker.build);
      await pages(req, res);
    } catch (error) {
      log.error({ err: error, url: req.url }, 'request failed');
      if (!res.headersSent) res.writeHead(500, { 'Content-Type': 'text/plain' });
      res.end('Something went wrong.\n');
    }
  });
  httpServer.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });

  httpServer.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      fail(`PORT ${settings.PORT} is taken: stop what uses it, or set another PORT`);
    if (error.code === 'EACCES') fail(`PORT ${settings.PORT} needs more rights: set a PORT of 1024 or above`);
    if (error.code === 'EADDRNOTAVAIL') fail(`HOST ${settings.HOST} is not an address of this machine`);
    fail(`Cannot listen on ${settings.HOST}:${settings.PORT}: ${error.message}`);
  });
  httpServer.listen(settings.PORT, settings.HOST, async () => {
    await prepared.catch((error: Error) => fail(`The pages cannot be served: ${error.message}`));
    log.info({ host: settings.HOST, port: settings.PORT, url: settings.PUBLIC_URL }, 'listening');
  });

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), 8_000).unref();
    await drain.stop(STOP_MS);
    await backend.close();
    httpServer.closeAllConnections();
    await app.close().catch(() => {});
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
};

start().catch((error: Error) => {
  if (error instanceof SettingsError) fail(error.message);
  throw error;
});
