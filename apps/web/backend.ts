import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { API_PATH, createApiHandler } from '@lockstep/api';
import { actions, type Core, createCore, publishPeople, queries, sessionFromCookie } from '@lockstep/core';
import { createLog } from '@lockstep/core/log';
import { createWakeups } from '@lockstep/core/queue';
import { type Settings, SettingsError } from '@lockstep/core/settings';
import { type AppenderOptions, createDb, listenForAccess } from '@lockstep/core/sockets';
import type { Health, Me, WorkspaceStatus } from '@lockstep/protocol';
import { createRealtime } from '@lockstep/realtime';
import { EXPORTS_PATH, exportDownloads } from './exports-server.ts';
import { dataHeaders, secureData } from './headers.ts';
import { createHealth, partsOf } from './health.ts';
import { answerHealth } from './health-server.ts';
import { serveUpgrades, type Upgrade } from './http/upgrades.ts';
import { labHandler } from './lab-server.ts';

/** Everything that serves but the pages: API, sockets, health. Tests and benchmarks run it without Next. */
export interface Backend {
  core: Core;
  /** Answers /healthz and /api/trpc; false when the request is for somebody else. Sockets are not requests: `attach`. */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  /** Opens /socket.io on this server. */
  attach(httpServer: Server): void;
  /** Takes an upgrade to /socket.io/, where the server is not `attach`ed. */
  sockets: Upgrade;
  health(): Promise<Health>;
  /** A development or test run (Settings.lab). */
  lab: boolean;
  /** For pages (lib/server.ts): who sends this `Cookie` header; null without a live session. */
  me(cookieHeader: string | undefined): Promise<Me | null>;
  /** For pages: what anyone may know. */
  status(): Promise<WorkspaceStatus>;
  /** For pages: whether a link to set a password can be used. */
  isResetCode(code: string): Promise<boolean>;
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
  const log = createLog({ level: settings.LOG_LEVEL, part: 'web' });
  const db = createDb({
    connectionString: databaseUrl,
    poolSize: settings.DATABASE_POOL,
    ...appending,
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
  });
  const core = createCore({ db, settings, log, publish: realtime.publisher, moved: wakeups.moved });
  // Withdrawn by whatever process or script: what is remembered is forgotten, and sockets that are open end (rule 10).
  const access = listenForAccess({
    connectionString: databaseUrl,
    onChange: (userId, sessionId) => {
      core.sessions.forget(userId);
      realtime
        .accessChanged(userId, sessionId)
        .catch((error: Error) => log.warn({ err: error }, 'sessions: could not check the sockets'));
      // Of a command line, too: others see whether somebody is an admin, or was deactivated.
      if (userId !== null && sessionId === null) void publishPeople(core, [userId]);
    },
    onError: (error) => log.warn({ err: error }, 'sessions: the connection that listens broke'),
  });
  // Names that came while no server ran, by an import for one, or before an update.
  void publishPeople(core, []);
  const api = createApiHandler(core);
  const headers = { publicUrl: settings.PUBLIC_URL, dev: false };
  const lab = labHandler(core, headers);
  const downloads = exportDownloads(core);

  const search = () => core.search.index.health();
  const health = createHealth(partsOf({ db, wakeups, realtime, search, dataDir: settings.DATA_DIR }));
  const isAdmin = async (cookie: string | undefined) =>
    (await sessionFromCookie(core, cookie))?.role === 'admin';

  return {
    core,
    health,
    lab: settings.lab,
    me: async (cookieHeader) => {
      const actor = await sessionFromCookie(core, cookieHeader);
      return actor && queries.getMe(actor, core);
    },
    status: () => queries.getWorkspaceStatus(core),
    isResetCode: (code) => actions.isResetCode(core, code),
    handle: (req, res) => {
      const [path = '/'] = (req.url ?? '/').split('?', 1);
      if (path === '/healthz') {
        secureData(res, headers);
        void answerHealth(req, res, { health, isAdmin, token: settings.HEALTH_TOKEN });
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
    sockets: realtime.upgrade,
    attach: (httpServer) => serveUpgrades(httpServer, realtime.upgrade, { headers: dataHeaders(headers) }),
    close: async () => {
      await access.close();
      await realtime.close();
      await db.appender.idle();
      await wakeups.close();
      await db.close();
    },
  };
};
