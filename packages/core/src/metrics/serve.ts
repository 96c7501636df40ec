import { createServer } from 'node:http';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { hasToken } from '../bearer.ts';

export interface MetricsServer {
  close(): Promise<void>;
}

interface ServeOptions {
  host: string;
  port: number;
  /** Needed by whoever asks, when set. */
  token?: string | undefined;
  log: Logger;
}

/** Between two attempts to listen, in ms: the process that is being replaced may still have the port. */
const RETRY_MS = 1_000;

/**
 * Answers `GET /metrics` on a port of its own, which nobody but the operator has to reach. While the port is taken it is
 * tried again: the product runs without its metrics.
 */
export const serveMetrics = (registry: Registry, { host, port, token, log }: ServeOptions): MetricsServer => {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const server = createServer(async (req, res) => {
    const path = (req.url ?? '').split('?', 1)[0];
    const refuse = (status: number, headers = {}) =>
      void res.writeHead(status, { 'Content-Type': 'text/plain', ...headers }).end();
    if (path !== '/metrics') return refuse(404);
    if (token !== undefined && !hasToken(req, token)) return refuse(401, { 'WWW-Authenticate': 'Bearer' });
    if (req.method !== 'GET') return refuse(405, { Allow: 'GET' });
    try {
      const text = await registry.metrics();
      res.writeHead(200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' }).end(text);
    } catch (error) {
      log.error({ err: error }, 'metrics: a defect');
      refuse(500);
    }
  });
  const listen = () => server.listen(port, host, () => log.info({ host, port }, 'metrics: listening'));
  server.on('error', (error) => {
    log.warn({ err: error, host, port }, 'metrics: cannot listen, will try again');
    if (!closed) timer = setTimeout(listen, RETRY_MS);
  });
  server.unref();
  listen();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
