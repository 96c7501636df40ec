import { socketRooms } from '@lockstep/core/sockets';
import { room } from './names.ts';
import type { DeviceSocket, Io, RealtimeDeps } from './types.ts';

/**
 * Puts a new socket into all its rooms, and says `ready` after the last: from then on the device may fetch (rule 5).
 * The room of the person comes first: a membership change that commits after the snapshot below is published after it
 * too, and reaches the socket through that room.
 */
export const enterRooms = async (
  socket: DeviceSocket,
  { db, forget, settings }: RealtimeDeps,
): Promise<boolean> => {
  const { userId, sessionId } = socket.data.actor;
  await socket.join([room.person(userId), room.session(sessionId)]);
  const ids = await socketRooms(db, userId, sessionId);
  if (!socket.connected) return false;
  if (!ids) {
    // The session has just ended. The device learns the reason when it reconnects.
    forget(userId);
    socket.disconnect(true);
    return false;
  }
  const { leftMeanwhile } = socket.data;
  await socket.join([room.everyone, ...ids.filter((id) => !leftMeanwhile.has(id)).map(room.conversation)]);
  socket.data.ready = true;
  const protocolVersion = settings.protocol.current;
  socket.emit('ready', { userId, sessionId, serverTime: Date.now(), protocolVersion });
  return true;
};

/** Sockets of this process that are in a room. */
export const socketsIn = (io: Io, name: string): DeviceSocket[] => {
  const found: DeviceSocket[] = [];
  for (const id of io.of('/').adapter.rooms.get(name) ?? []) {
    const socket = io.of('/').sockets.get(id);
    if (socket) found.push(socket);
  }
  return found;
};

export const joinConversation = (io: Io, conversationId: string, userIds: string[]): void => {
  for (const userId of userIds) {
    for (const socket of socketsIn(io, room.person(userId))) {
      socket.data.leftMeanwhile.delete(conversationId);
      void socket.join(room.conversation(conversationId));
    }
  }
};

export const leaveConversation = (io: Io, conversationId: string, userIds: string[]): void => {
  for (const userId of userIds) {
    for (const socket of socketsIn(io, room.person(userId))) {
      socket.data.leftMeanwhile.add(conversationId);
      void socket.leave(room.conversation(conversationId));
    }
  }
};

/** Sends the reason and closes the connection, so that nothing can be sent on it any more. */
export const endSocket = (socket: DeviceSocket, reason: 'signed_out' | 'revoked'): void => {
  socket.emit('ended', { reason });
  socket.disconnect(true);
};
