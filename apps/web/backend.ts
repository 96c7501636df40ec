import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { API_PATH, createApiHandler } from '@lockstep/api';
import { type Core, createCore, type Publisher, queries, sessionFromCookie } from '@lockstep/core';
import { createWakeups } from '@lockstep/core/queue';
import { type Settings, SettingsError } from '@lockstep/core/settings';
import { type AppenderOptions, createDb } from '@lockstep/core/sockets';
import type { Health, Me, WorkspaceStatus } from '@lockstep/protocol';
import { createRealtime, type Realtime } from '@lockstep/realtime';
import pino from 'pino';
import { EXPORTS_PATH, exportDownloads } from './exports-server.ts';
import { secureData } from './headers.ts';
import { readHealth } from './health.ts';
import { labHandler } from './lab-server.ts';

/** Everything that serves but the pages: API, sockets, health. Tests and benchmarks run it without Next. */
export interface Backend {
  core: Core;
  /** Answers /healthz and /api/trpc; false when the request is for somebody else. Sockets are not requests: `attach`. */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  /** Opens /socket.io on this server. Once. */
  attach(httpServer: Server): Realtime;
  health(): Promise<Health>;
  /** A development or test run (Settings.lab). */
  lab: boolean;
  /** For pages (lib/server.ts): who sends this `Cookie` header; null without a live session. */
  me(cookieHeader: string | undefined): Promise<Me | null>;
  /** For pages: what anyone may know. */
  status(): Promise<WorkspaceStatus>;
  /** Ends the sockets, waits for the appends in flight, sends off the last wake-ups, closes the store. */
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
  const startedAt = Date.now();
  const log = pino({ level: settings.LOG_LEVEL, base: { part: 'web', pid: process.pid } });
  const db = createDb({
    connectionString: databaseUrl,
    poolSize: settings.DATABASE_POOL,
    ...appending,
    onError: (error) => log.warn({ err: error }, 'database: a connection broke'),
  });
  const wakeups = createWakeups({ databaseUrl, redisUrl: settings.REDIS_URL }, log);
  let realtime: Realtime | null = null;
  const core = createCore({
    db,
    settings,
    log,
    publish: toOpenSockets(() => realtime),
    moved: wakeups.moved,
  });
  const api = createApiHandler(core);
  const headers = { publicUrl: settings.PUBLIC_URL, dev: false };
  const lab = labHandler(core, headers);
  const downloads = exportDownloads(core);

  const health = () => readHealth(db, wakeups, realtime, startedAt, () => core.search.index.health());
  const answerHealth = async (res: ServerResponse) => {
    const state = await health();
    res.writeHead(state.ok ? 200 : 503, { 'Content-Type': 'application/json' }).end(JSON.stringify(state));
  };

  return {
    core,
    health,
    lab: settings.lab,
    me: async (cookieHeader) => {
      const actor = await sessionFromCookie(core, cookieHeader);
      return actor && queries.getMe(actor, core);
    },
    status: () => queries.getWorkspaceStatus(core),
    handle: (req, res) => {
      const [path = '/'] = (req.url ?? '/').split('?', 1);
      if (path === '/healthz') {
        secureData(res, headers);
        void answerHealth(res);
        return true;
      }
      if (path.startsWith(API_PATH)) {
        secureData(res, headers);
        api(req, res);
        return true;
      }
      if (path.startsWith(EXPORTS_PATH)) {
        secureData(res, headers);
        void downloads(req, res);
        return true;
      }
      return lab(req, res);
    },
    attach: (httpServer) => {
      if (realtime) throw new Error('attached twice');
      realtime = createRealtime(httpServer, {
        db,
        log,
        settings: { ...settings, DATABASE_URL: databaseUrl },
        signedIn: (cookie) => sessionFromCookie(core, cookie),
        refusal: (cookie) => core.sessions.refusal(cookie),
        forget: (sessionId) => core.sessions.forget(sessionId),
      });
      return realtime;
    },
    close: async () => {
      await realtime?.close();
      await db.appender.idle();
      await wakeups.close();
      await db.close();
    },
  };
};

/** Before a server is attached there are no sockets to push to. */
const toOpenSockets = (realtime: () => Realtime | null): Publisher => ({
  changes: (event) => realtime()?.publisher.changes(event),
  inbox: (userId, entry) => realtime()?.publisher.inbox(userId, entry),
  receipt: (event) => realtime()?.publisher.receipt(event),
  searches: (userId) => realtime()?.publisher.searches(userId),
  joined: (conversationId, userIds) => realtime()?.publisher.joined(conversationId, userIds),
  left: (conversationId, userIds) => realtime()?.publisher.left(conversationId, userIds),
  ended: (target, reason) => realtime()?.publisher.ended(target, reason),
  connected: async (sessionIds) => (await realtime()?.publisher.connected(sessionIds)) ?? new Set(),
});
