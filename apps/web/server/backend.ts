import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { API_PATH, createApiHandler } from '@lockstep/api';
import { actions, type Core, createCore, publishPeople, queries, sessionFromCookie } from '@lockstep/core';
import { createLog } from '@lockstep/core/log';
import { createWakeups } from '@lockstep/core/queue';
import { type Settings, SettingsError } from '@lockstep/core/settings';
import { type AppenderOptions, createDb, listenForAccess } from '@lockstep/core/sockets';
import type { Health, Me, WorkspaceStatus } from '@lockstep/protocol';
import { createRealtime } from '@lockstep/realtime';
import { EXPORTS_PATH, exportDownloads } from './exports.ts';
import { createHealth, partsOf } from './health.ts';
import { answerHealth, answerLive, answerReady } from './health-answer.ts';
import { dataHeaders, secureData } from './http/headers.ts';
import { serveUpgrades, type Upgrade } from './http/upgrades.ts';
import { labRoutes } from './lab.ts';
import { type Route, routeOf } from './routes.ts';

/** Everything the server does except pages: API, sockets, health. Tests and benchmarks run it without Next. */
export interface Backend {
  core: Core;
  /** Its routes; for sockets use `attach`. */
  routes: readonly Route[];
  /** Answers by the route table with data headers, for use without our web server; false if no route matches. */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  /** Opens /socket.io on this server. */
  attach(httpServer: Server): void;
  /** Takes an upgrade to /socket.io/, where the server is not `attach`ed. */
  sockets: Upgrade;
  health(): Promise<Health>;
  /** What /readyz says, so that a proxy asks another process before this one can answer pages and when it stops. */
  setReady(isReady: boolean): void;
  /** A development or test run (Settings.lab). */
  lab: boolean;
  /** For pages (pages.ts): the person behind this `Cookie` header; null without a live session. */
  me(cookieHeader: string | undefined): Promise<Me | null>;
  /** For pages: what anyone may see. */
  status(): Promise<WorkspaceStatus>;
  /** For pages: whether a link to set a password can be used. */
  isResetCode(code: string): Promise<boolean>;
  /** Before a planned stop: has devices connect to another web process, for `ms` at most; at once where there is none. */
  moveSockets(ms: number): Promise<void>;
  /** Ends the sockets, waits for the appends in flight, sends the last wake-ups, closes the store. */
  close(): Promise<void>;
}

/** `appending` is for measurements; the defaults are what they found. Throws SettingsError. */
export const createBackend = async (
  settings: Settings,
  appending: AppenderOptions = {},
): Promise<Backend> => {
  const { DATABASE_URL: databaseUrl } = settings;
  if (!databaseUrl) {
    throw new SettingsError(
      'DATABASE_URL: the web server needs it; `npm start` sets it to the embedded Postgres',
    );
  }
  const log = createLog({ level: settings.LOG_LEVEL, part: 'web' });
  const { METRICS_PORT: metricsPort } = settings;
  const metrics = metricsPort
    ? (await import('./metrics/index.ts')).createWebMetrics(settings, metricsPort)
    : null;
  const db = createDb({
    connectionString: databaseUrl,
    poolSize: settings.DATABASE_POOL,
    ...appending,
    ...(metrics ? { onBatch: metrics.onBatch } : {}),
    onError: (error) => log.warn({ err: error }, 'database: a connection broke'),
  });
  const wakeups = createWakeups({ databaseUrl, redisUrl: settings.REDIS_URL }, log);
  const realtime = createRealtime({
    db,
    log,
    settings: { ...settings, DATABASE_URL: databaseUrl },
    signedIn: (cookie) => sessionFromCookie(core, cookie),
    refusal: (cookie) => core.sessions.refusal(cookie),
    forget: (userId) => core.sessions.forget(userId),
    onDelivered: metrics?.onDelivered,
  });
  const core = createCore({
    db,
    settings,
    log,
    publish: realtime.publisher,
    enqueueConversations: wakeups.enqueue,
  });
  // Access withdrawn by any process or script: clear cached sessions and end open sockets (rule 10).
  const access = listenForAccess({
    connectionString: databaseUrl,
    onChange: (userId, sessionId) => {
      core.sessions.forget(userId);
      realtime.accessChanged(userId, sessionId);
      // Also after the command line: others see whether somebody is an admin or deactivated.
      if (userId !== null && sessionId === null) telling = telling.then(() => publishPeople(core, [userId]));
    },
    onError: (error) => log.warn({ err: error }, 'sessions: the connection that listens broke'),
  });
  // Names added while no server ran, for example by an import, or before an update.
  let telling = publishPeople(core, []);
  const api = createApiHandler(core, { onSend: metrics?.onSend });
  const headers = { publicUrl: settings.PUBLIC_URL, dev: false };

  const search = () => core.search.index.health();
  const health = createHealth(partsOf({ db, wakeups, realtime, search, dataDir: settings.DATA_DIR }));
  const isAdmin = async (cookie: string | undefined) =>
    (await sessionFromCookie(core, cookie))?.role === 'admin';
  const answerable = { health, isAdmin, token: settings.HEALTH_TOKEN };
  const metricsServer = metrics?.serve({ core, api, realtime, wakeups, health });
  let isReady = true;
  const routes: Route[] = [
    { path: API_PATH, answer: api },
    { path: EXPORTS_PATH, answer: exportDownloads(core) },
    { path: '/healthz', answer: (req, res) => answerHealth(req, res, answerable) },
    { path: '/livez', answer: (_req, res) => answerLive(res) },
    { path: '/readyz', answer: (_req, res) => answerReady(res, { health, isReady: () => isReady }) },
    ...labRoutes(core),
  ];

  return {
    core,
    health,
    setReady: (ready) => {
      isReady = ready;
    },
    lab: settings.lab,
    me: async (cookieHeader) => {
      const actor = await sessionFromCookie(core, cookieHeader);
      return actor && queries.getMe(actor, core);
    },
    status: () => queries.getWorkspaceStatus(core),
    isResetCode: (code) => actions.isResetCode(core, code),
    routes,
    handle: (req, res) => {
      const route = routeOf(routes, req);
      if (!route) return false;
      secureData(res, headers);
      void route.answer(req, res);
      return true;
    },
    sockets: realtime.upgrade,
    attach: (httpServer) => serveUpgrades(httpServer, realtime.upgrade, { headers: dataHeaders(headers) }),
    moveSockets: realtime.moveSockets,
    close: async () => {
      await metricsServer?.close();
      await access.close();
      await telling;
      await realtime.close();
      await db.appender.idle();
      await wakeups.close();
      await db.close();
    },
  };
};
