import { conversationsOf, liveSessions } from '@lockstep/core/sockets';
import { room } from './names.ts';
import type { DeviceSocket, Io, RealtimeDeps } from './types.ts';

/** Bytes that may wait for a slow device; beyond that it is closed, and pulls when it is back. */
const BACKLOG_BYTES = 8 * 1024 * 1024;
const BATCH = 1_000;

/**
 * What the pushes may have missed (an expired session, a notice that another process lost): sockets end with their
 * session, and rooms fit memberships again (rule 10). One query each for up to 1,000 sockets.
 */
export const auditSockets = async (io: Io, deps: RealtimeDeps): Promise<void> => {
  const sockets = [...io.of('/').sockets.values()].filter((socket) => socket.data.ready);
  for (let at = 0; at < sockets.length; at += BATCH) {
    await audit(sockets.slice(at, at + BATCH), deps);
  }
};

const audit = async (sockets: DeviceSocket[], { db, log, forget }: RealtimeDeps) => {
  const before = new Map(sockets.map((socket) => [socket, new Set(socket.rooms)]));
  for (const socket of sockets) socket.data.leftMeanwhile.clear();
  // A plain end: when the device comes back, it is told why, and only a revoked one wipes itself.
  const alive = await liveSessions(db, [...new Set(sockets.map(({ data }) => data.actor.sessionId))]);
  const members = await conversationsOf(db, [...new Set(sockets.map(({ data }) => data.actor.userId))]);
  for (const socket of sockets) {
    if (!socket.connected) continue;
    const { userId, sessionId } = socket.data.actor;
    if (!alive.has(sessionId)) {
      forget(sessionId);
      socket.disconnect(true);
      continue;
    }
    if (backlog(socket) > BACKLOG_BYTES) {
      log.info({ userId }, 'push: a device is too slow, closed');
      socket.disconnect(true);
      continue;
    }
    fitRooms(socket, before.get(socket) ?? new Set(), members.get(userId) ?? new Set());
  }
};

/** A room that was entered or left since the query was sent is newer than its answer: left alone. */
const fitRooms = (socket: DeviceSocket, before: Set<string>, memberOf: Set<string>) => {
  for (const name of socket.rooms) {
    if (name.startsWith('c:') && before.has(name) && !memberOf.has(name.slice(2))) void socket.leave(name);
  }
  for (const id of memberOf) {
    const name = room.conversation(id);
    if (!socket.rooms.has(name) && !socket.data.leftMeanwhile.has(id)) void socket.join(name);
  }
};

/** Bytes that the WebSocket below has not yet handed to the system. */
const backlog = (socket: DeviceSocket): number =>
  (socket.conn.transport as unknown as { socket?: { bufferedAmount?: number } }).socket?.bufferedAmount ?? 0;
