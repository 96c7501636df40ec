import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Publisher } from '@lockstep/core';
import { LIMITS, type PartHealth } from '@lockstep/protocol';
import { Server as Engine } from 'engine.io';
import { Server } from 'socket.io';
import { createPushAdapter } from './adapter.ts';
import { auditSockets, endDeadSockets } from './audit.ts';
import { authenticate } from './auth.ts';
import { Background } from './background.ts';
import { createBus } from './bus.ts';
import { createConnected } from './connected.ts';
import { cursorReports } from './cursor-reports.ts';
import { dispatch, type Handlers } from './dispatch.ts';
import { guardConnections } from './guard.ts';
import { moveSockets } from './move-sockets.ts';
import { PacedChanges } from './paced-changes.ts';
import { createPresence } from './presence.ts';
import { applyPush, createPublisher } from './publisher.ts';
import { enterRooms } from './rooms.ts';
import { type Io, type RealtimeDeps, TIMING } from './types.ts';
import { typing } from './typing.ts';
import { watch } from './watch.ts';

export interface Realtime {
  publisher: Publisher;
  /** Accepts a WebSocket upgrade of Engine.IO 4; the caller has checked the request. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  health(): Promise<PartHealth>;
  /** Open ones of this process. */
  sockets(): number;
  /** Runs the check of every minute now: that sockets match their sessions and memberships. */
  audit(): Promise<void>;
  /**
   * Somebody's access has changed (null: anybody's may have), or this session was revoked: the sockets here whose
   * session has ended are closed.
   */
  accessChanged(userId: string | null, sessionId: string | null): void;
  /**
   * Before a planned stop: devices connect to another process, and resolves when all have, or after `ms`. At once where
   * this is the only one.
   */
  moveSockets(ms: number): Promise<void>;
  /** Closes all sockets, and resolves when nothing more is asked of the store; devices reconnect to whoever listens next. */
  close(): Promise<void>;
}

/**
 * Sockets of devices. WebSocket only and without compression: one frame is encoded per room and written to each device
 * as it is.
 */
export const createRealtime = (deps: RealtimeDeps): Realtime => {
  const { log, settings } = deps;
  const timing = { ...TIMING, ...deps.timing };
  const push = createPushAdapter(deps);
  const engine = new Engine({
    transports: ['websocket'],
    allowUpgrades: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: LIMITS.socketFrameBytes,
  });
  const io: Io = new Server({
    serveClient: false,
    connectTimeout: timing.connect,
    ...(push.adapter ? { adapter: push.adapter } : {}),
  });
  io.bind(engine);

  const { onDelivered } = deps;
  const changes = new PacedChanges(io, onDelivered && ((at) => onDelivered(Date.now() - at)));
  const apply = applyPush(io, changes, deps);
  const alone = settings.PUSH === 'memory';
  const bus = createBus(io, alone, apply);
  const publisher = createPublisher(bus, createConnected(io, alone, deps));
  const background = new Background();
  const presence = createPresence(io, bus, background, deps, timing);
  const handlers: Handlers = {
    typing: typing(bus),
    watch: watch(presence),
    place: cursorReports(deps, background),
  };

  io.on('push', apply);
  io.on('online', presence.receive);
  const stopGuards = guardConnections(engine, deps, timing);
  io.use(authenticate(deps, timing));
  io.on('connection', (socket) => {
    const { userId } = socket.data.actor;
    dispatch(socket, handlers, deps);
    const entering = enterRooms(socket, deps).then((entered) => {
      if (!entered || !socket.connected) return;
      presence.came(userId);
      socket.once('disconnect', () => presence.went(userId));
    });
    background.run(entering, (error) => {
      // The device reconnects by itself; without its rooms it must not consider itself up to date.
      log.warn({ err: error }, 'push: could not join rooms');
      socket.disconnect(true);
    });
  });

  const audit = () => auditSockets(io, deps);
  const audits = setInterval(() => {
    background.run(audit(), (error) => log.warn({ err: error }, 'push: audit failed'));
  }, timing.audit).unref();

  const sockets = () => io.of('/').sockets.size;

  let closing: Promise<void> | undefined;
  const close = async () => {
    clearInterval(audits);
    stopGuards();
    changes.flush();
    presence.close();
    io.local.disconnectSockets(true);
    engine.close();
    await background.idle();
    await push.close(io.of('/').adapter);
  };

  return {
    publisher,
    upgrade: (req, socket, head) => engine.handleUpgrade(req as never, socket, head),
    audit,
    accessChanged: (userId, sessionId) => {
      if (userId && sessionId) apply({ type: 'ended', userId, sessionId, reason: 'revoked' });
      background.run(endDeadSockets(io, deps, userId), (error) =>
        log.warn({ err: error }, 'push: could not check the sockets'),
      );
    },
    health: async () => {
      const { ok, detail } = await push.health();
      return { ok, detail: `${detail}, ${sockets()} sockets` };
    },
    moveSockets: async (ms) => {
      if (!alone) await moveSockets(io, ms);
    },
    sockets,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
