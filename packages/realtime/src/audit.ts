import { conversationsOf, liveSessions } from '@lockstep/core/sockets';
import { room } from './names.ts';
import { socketsIn } from './rooms.ts';
import type { DeviceSocket, Io, RealtimeDeps } from './types.ts';

const BATCH = 1_000;

/**
 * Repairs what pushes may have missed (an expired session, a lost notice of another process): closes sockets without
 * a session and makes rooms match memberships (rule 10). One query each for up to 1,000 sockets.
 */
export const auditSockets = async (io: Io, deps: RealtimeDeps): Promise<void> => {
  const sockets = [...io.of('/').sockets.values()].filter((socket) => socket.data.ready);
  for (let at = 0; at < sockets.length; at += BATCH) {
    await audit(sockets.slice(at, at + BATCH), deps);
  }
};

/**
 * Somebody's access has changed, or null: that of anybody may have. Sockets whose session has ended are closed, also
 * those that are still entering their rooms.
 */
export const endDeadSockets = async (io: Io, deps: RealtimeDeps, userId: string | null): Promise<void> => {
  const sockets = userId === null ? [...io.of('/').sockets.values()] : socketsIn(io, room.person(userId));
  for (let at = 0; at < sockets.length; at += BATCH) {
    const some = sockets.slice(at, at + BATCH);
    const alive = await liveSessions(deps.db, [...new Set(some.map(({ data }) => data.actor.sessionId))]);
    for (const socket of some) if (!alive.has(socket.data.actor.sessionId)) end(socket, deps);
  }
};

/** Close without a reason: when the device reconnects it learns the reason, and only a revoked device wipes itself. */
const end = (socket: DeviceSocket, { forget }: RealtimeDeps) => {
  forget(socket.data.actor.userId);
  socket.disconnect(true);
};

const audit = async (sockets: DeviceSocket[], deps: RealtimeDeps) => {
  const { db } = deps;
  const before = new Map(sockets.map((socket) => [socket, new Set(socket.rooms)]));
  for (const socket of sockets) socket.data.leftMeanwhile.clear();
  const alive = await liveSessions(db, [...new Set(sockets.map(({ data }) => data.actor.sessionId))]);
  const members = await conversationsOf(db, [...new Set(sockets.map(({ data }) => data.actor.userId))]);
  for (const socket of sockets) {
    if (!socket.connected) continue;
    const { userId, sessionId } = socket.data.actor;
    if (!alive.has(sessionId)) {
      end(socket, deps);
      continue;
    }
    fitRooms(socket, before.get(socket) ?? new Set(), members.get(userId) ?? new Set());
  }
};

/** A room entered or left since the query was sent is newer than its answer and not changed. */
const fitRooms = (socket: DeviceSocket, before: Set<string>, memberOf: Set<string>) => {
  for (const name of socket.rooms) {
    if (name.startsWith('c:') && before.has(name) && !memberOf.has(name.slice(2))) void socket.leave(name);
  }
  for (const id of memberOf) {
    const name = room.conversation(id);
    if (!socket.rooms.has(name) && !socket.data.leftMeanwhile.has(id)) void socket.join(name);
  }
};
