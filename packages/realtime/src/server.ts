import type { Server as HttpServer } from 'node:http';
import { Bucket, originCheck, type Publisher } from '@lockstep/core';
import { LIMITS, type PartHealth } from '@lockstep/protocol';
import { Server } from 'socket.io';
import { createPushAdapter } from './adapter.ts';
import { auditSockets } from './audit.ts';
import { authenticate } from './auth.ts';
import { createBus } from './bus.ts';
import { createConnected } from './connected.ts';
import { dispatch, type Handlers } from './dispatch.ts';
import { PacedChanges } from './paced-changes.ts';
import { place } from './place.ts';
import { createPresence } from './presence.ts';
import { applyPush, createPublisher } from './publisher.ts';
import { enterRooms } from './rooms.ts';
import { type Io, type RealtimeDeps, TIMING } from './types.ts';
import { typing } from './typing.ts';
import { watch } from './watch.ts';

export interface Realtime {
  publisher: Publisher;
  health(): Promise<PartHealth>;
  /** Checks now what is otherwise checked every minute: that sockets fit their sessions and memberships. */
  audit(): Promise<void>;
  /** Closes all sockets; devices reconnect to whoever listens next. */
  close(): Promise<void>;
}

/** Frames of one connection, of any kind: so many at once, so many a second. More is a flood: closed. */
const FRAMES = { burst: 300, perSecond: 100 } as const;

/**
 * Sockets on an HTTP server, under /socket.io. WebSocket only and without compression: one frame is encoded per room
 * and written to each device as it is.
 */
export const createRealtime = (httpServer: HttpServer, deps: RealtimeDeps): Realtime => {
  const { log, settings } = deps;
  const timing = { ...TIMING, ...deps.timing };
  const isOurOrigin = originCheck(settings);
  const push = createPushAdapter(deps);
  const io: Io = new Server(httpServer, {
    path: '/socket.io',
    serveClient: false,
    transports: ['websocket'],
    allowUpgrades: false,
    // Hot reload has sockets of its own on this server.
    destroyUpgrade: settings.NODE_ENV !== 'development',
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: LIMITS.socketFrameBytes,
    connectTimeout: 10_000,
    allowRequest: (req, decide) => {
      const allowed = isOurOrigin(req);
      decide(allowed ? null : 'forbidden', allowed);
    },
    ...(push.adapter ? { adapter: push.adapter } : {}),
  });

  const changes = new PacedChanges(io);
  const apply = applyPush(io, changes, deps);
  const alone = settings.PUSH === 'memory';
  const bus = createBus(io, alone, apply);
  const publisher = createPublisher(bus, createConnected(io, alone, deps));
  const presence = createPresence(io, bus, deps, timing);
  const handlers: Handlers = {
    typing: typing(bus, timing.typing),
    watch: watch(presence),
    place: place(deps),
  };

  io.on('push', apply);
  io.on('online', presence.heard);
  if (settings.RATE_LIMITS === 'on') guardFrames(io, log);
  io.use(authenticate(deps));
  io.on('connection', (socket) => {
    const { userId } = socket.data.actor;
    dispatch(socket, handlers, deps);
    enterRooms(socket, deps)
      .then((entered) => {
        if (!entered || !socket.connected) return;
        presence.came(userId);
        socket.once('disconnect', () => presence.went(userId));
      })
      .catch((error: Error) => {
        // The device tries again by itself; without its rooms it must not believe to be in step.
        log.warn({ err: error }, 'push: could not join rooms');
        socket.disconnect(true);
      });
  });

  const audit = () => auditSockets(io, deps);
  const audits = setInterval(() => {
    audit().catch((error: Error) => log.warn({ err: error }, 'push: audit failed'));
  }, timing.audit).unref();

  let closing: Promise<void> | undefined;
  const close = async () => {
    clearInterval(audits);
    changes.flush();
    presence.close();
    io.local.disconnectSockets(true);
    io.engine.close();
    await push.close(io.of('/').adapter);
  };

  return {
    publisher,
    audit,
    health: async () => {
      const { ok, detail } = await push.health();
      return { ok, detail: `${detail}, ${io.of('/').sockets.size} sockets` };
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};

/** Counts every frame below Socket.IO, also those of a connection that has not said who it is. */
const guardFrames = (io: Io, log: RealtimeDeps['log']): void => {
  io.engine.on('connection', (connection) => {
    const bucket = new Bucket(FRAMES.perSecond, FRAMES.burst);
    connection.on('packet', () => {
      if (bucket.take() === 0) return;
      log.warn('push: a flood of frames, closed');
      connection.close(true);
    });
  });
};
