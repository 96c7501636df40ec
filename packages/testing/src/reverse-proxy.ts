import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

interface ReverseProxy {
  port: number;
  url: string;
  /** Requests that were answered with 502, and upgrades that were broken off. */
  failed: number;
  /** Ends all connections and takes no more. */
  close(): Promise<void>;
}

/** How long a request waits for a server that takes it, in ms, as Caddy's `lb_try_duration`. */
const TRY_MS = 5_000;
const PAUSE_MS = 50;

/**
 * A reverse proxy on the loopback interface, for HTTP and WebSocket, in front of several web processes in turn: a
 * client has no certain one. As Caddy and nginx do, it keeps connections, tries the next server where one refuses the
 * connection, and sends nothing a second time: what breaks off after that is a 502.
 */
export const reverseProxy = async (targets: readonly number[]): Promise<ReverseProxy> => {
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Duplex>();
  let turn = 0;

  /** Calls `attempt` with one target after the other while they refuse the connection. */
  const inTurn = async (attempt: (port: number) => Promise<void>): Promise<void> => {
    const end = performance.now() + TRY_MS;
    for (let tried = 1; ; tried++) {
      try {
        return await attempt(targets[turn++ % targets.length] as number);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || performance.now() > end) throw error;
        if (tried % targets.length === 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  };

  const forward = (req: IncomingMessage, res: ServerResponse, port: number) =>
    new Promise<void>((resolve, reject) => {
      res.setMaxListeners(0); // one for each attempt
      const { method, url: path } = req;
      const upstream = request({ agent, host: '127.0.0.1', port, method, path, headers: headersOf(req) });
      upstream.once('error', reject);
      upstream.once('socket', (socket: Socket) => {
        // The body can be read only once: not before the server has accepted the connection.
        if (socket.connecting) socket.once('connect', () => req.pipe(upstream));
        else req.pipe(upstream);
      });
      upstream.once('response', (answer) => {
        res.writeHead(answer.statusCode ?? 502, withoutHop(answer.headers));
        answer.once('error', () => res.destroy());
        answer.pipe(res);
        resolve();
      });
      res.once('close', () => upstream.destroy());
    });

  const tunnel = async (req: IncomingMessage, client: Duplex, head: Buffer, port: number) => {
    const upstream = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(upstream, 'connect');
    const lines = Object.entries(headersOf(req, true)).map(([name, value]) => `${name}: ${value}\r\n`);
    upstream.write(`${req.method} ${req.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    upstream.write(head);
    sockets.add(upstream);
    const destroy = () => {
      sockets.delete(upstream);
      client.destroy();
      upstream.destroy();
    };
    for (const end of [client, upstream]) end.once('error', destroy).once('close', destroy);
    client.pipe(upstream).pipe(client);
  };

  const server = createServer({ keepAlive: true }, (req, res) => {
    inTurn((port) => forward(req, res, port)).catch(() => {
      if (res.destroyed) return;
      proxy.failed++;
      if (res.headersSent) res.destroy();
      else res.writeHead(502).end();
    });
  });
  server.keepAliveTimeout = 75_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (req, client, head) => {
    client.once('error', () => client.destroy());
    inTurn((port) => tunnel(req, client, head, port)).catch(() => {
      proxy.failed++;
      client.destroy();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: ReverseProxy = {
    port,
    url: `http://localhost:${port}`,
    failed: 0,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await once(server, 'close');
    },
  };
  return proxy;
};

const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

const withoutHop = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.has(name)));

const headersOf = (req: IncomingMessage, isUpgrade = false): Record<string, string | string[]> => {
  const { 'x-forwarded-for': before, ...headers } = isUpgrade ? req.headers : withoutHop(req.headers);
  const forwarded = [before, req.socket.remoteAddress].filter(Boolean).join(', ');
  return { ...(headers as Record<string, string | string[]>), 'x-forwarded-for': forwarded };
};
