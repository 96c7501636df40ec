import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { type Route, routeOf } from '../routes.ts';
import { type ConnectionLimits, limitConnections } from './connections.ts';
import { createDrain, type Drain } from './drain.ts';
import { dataHeaders, type HeaderOptions, secureData } from './headers.ts';
import { answerAndClose } from './raw-answer.ts';
import { requestFault } from './request-fault.ts';
import { answerUnknownHost } from './unknown-host.ts';
import { SOCKETS_PATH, serveUpgrades, type Upgrade } from './upgrades.ts';

export interface WebServerOptions {
  headers: HeaderOptions;
  limits: ConnectionLimits;
  log: Logger;
  /** Whether X-Forwarded-For is read (TRUST_PROXY). */
  trustProxy: boolean;
  /** The routes; the first that accepts a request answers it. */
  routes: readonly Route[];
  /** Whether pages are shown under the host that the request names (`hostCheck`). */
  isOurHost(req: IncomingMessage): boolean;
  /** Upgrades to the sockets of devices. */
  sockets: Upgrade;
  /** Any other upgrade, in development. */
  otherUpgrade?: Upgrade | undefined;
  times?: Partial<Times>;
}

/** In ms. */
interface Times {
  /** From the first byte, or the connection, to the end of the headers. */
  headers: number;
  /** To the end of the request. */
  request: number;
  /** Between two looks for requests that are late. */
  check: number;
  /** Timeout of a connection without progress while it is answered. */
  stalled: number;
  /** Idle between requests: longer than usual proxies keep theirs, so that they never reuse one that is about to close. */
  keepAlive: number;
}

const TIMES: Times = { headers: 20_000, request: 60_000, check: 5_000, stalled: 60_000, keepAlive: 75_000 };

/** Requests that one connection may have open at a time: browsers have one. More is a flood. */
const PIPELINED = 32;

const PARSER_STATUS: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * The public HTTP server. Every request is answered with our headers or closed; nothing is read or kept open for
 * longer than its limit.
 */
export const createWebServer = (options: WebServerOptions): { server: Server; drain: Drain } => {
  const { headers, log } = options;
  const times = { ...TIMES, ...options.times };
  const server = createServer({
    keepAlive: true,
    headersTimeout: times.headers,
    requestTimeout: times.request,
    connectionsCheckingInterval: times.check,
    keepAliveTimeout: times.keepAlive,
    // Ours is the answer, with our headers.
    requireHostHeader: false,
  });
  server.timeout = times.stalled;
  const refusal = dataHeaders(headers);
  const drain = createDrain(server);
  limitConnections(server, options.limits);
  serveUpgrades(server, options.sockets, { headers: refusal, other: options.otherUpgrade });

  const inHand = new WeakMap<Socket, number>();
  const hasTooManyInHand = ({ socket }: IncomingMessage, res: ServerResponse): boolean => {
    const count = (inHand.get(socket) ?? 0) + 1;
    inHand.set(socket, count);
    res.once('close', () => inHand.set(socket, (inHand.get(socket) ?? 1) - 1));
    return count > PIPELINED;
  };

  /** Hot reload posts, and names files as it likes. */
  const isOfNext = ({ url = '' }: IncomingMessage) => headers.dev && /^\/_{1,2}next/.test(url);

  const warned = new Set<string>();
  const warnOnce = (text: string) => {
    if (warned.has(text)) return;
    warned.add(text);
    log.warn(text);
  };
  const isPlain = headers.publicUrl.startsWith('http:');
  const warnOfProxy = ({ headers }: IncomingMessage) => {
    if (!options.trustProxy && headers['x-forwarded-for'] !== undefined)
      warnOnce(
        'X-Forwarded-For arrives and is not read: behind a proxy of yours everybody shares its address, and its limits. Set TRUST_PROXY=on there',
      );
    if (isPlain && headers['x-forwarded-proto'] === 'https')
      warnOnce(
        'a proxy says that people come by https, while PUBLIC_URL is http: their calls are refused. Set PUBLIC_URL to the address that they open',
      );
  };

  const refuse = (res: ServerResponse, status: number, text: string, more: Record<string, string> = {}) =>
    void res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...more }).end(`${text}\n`);

  const routes: Route[] = [
    { path: SOCKETS_PATH, answer: (_req, res) => refuse(res, 400, 'Only WebSocket.') },
    ...options.routes,
  ];

  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    secureData(res, headers);
    if (hasTooManyInHand(req, res)) return void req.socket.destroy();
    if (!drain.enter(res)) return;
    warnOfProxy(req);
    try {
      const fault = isOfNext(req) ? null : requestFault(req);
      if (fault) return refuse(res, fault.status, fault.text, fault.headers);
      const route = routeOf(routes, req);
      if (!route) refuse(res, 404, 'Not found.');
      else if (route.isPage && !options.isOurHost(req)) answerUnknownHost(req, res);
      else await route.answer(req, res);
    } catch (error) {
      log.error({ err: error, url: req.url }, 'request failed');
      if (res.headersSent) res.destroy();
      else {
        secureData(res, headers);
        refuse(res, 500, 'Something went wrong.');
      }
    }
  };
  server.on('request', (req, res) => void answer(req, res));
  server.on('checkExpectation', (_req, res) => {
    secureData(res, headers);
    refuse(res, 417, 'Expectation failed.');
  });
  server.on('connect', (_req, socket) =>
    answerAndClose(socket, 405, { ...refusal, Allow: 'GET, HEAD, POST' }),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // After an answer has begun no other can be sent, and on a broken connection none is read.
    const begun = (socket as { _httpMessage?: ServerResponse })._httpMessage?.headersSent;
    if (!socket.writable || begun || error.code === 'ECONNRESET') socket.destroy();
    else answerAndClose(socket, PARSER_STATUS[error.code ?? ''] ?? 400, refusal);
  });
  return { server, drain };
};
