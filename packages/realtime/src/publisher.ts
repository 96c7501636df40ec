import type { Publisher } from '@lockstep/core';
import type { Bus } from './bus.ts';
import { room } from './names.ts';
import type { PacedChanges } from './paced-changes.ts';
import { endSocket, joinConversation, leaveConversation, socketsIn } from './rooms.ts';
import type { Push } from './server-events.ts';
import type { Io, RealtimeDeps } from './types.ts';

/** Applies a push to the sockets of this process. */
export const applyPush = (
  io: Io,
  changes: PacedChanges,
  { forget }: Pick<RealtimeDeps, 'forget'>,
): ((push: Push) => void) => {
  return (push) => {
    switch (push.type) {
      case 'changes':
        changes.add(push.event, push.at);
        return;
      case 'inbox':
        io.local.to(room.person(push.userId)).emit('inbox', { entry: push.entry });
        return;
      case 'receipt':
        io.local.to(room.conversation(push.event.conversationId)).emit('receipt', push.event);
        return;
      case 'people':
        io.local.to(room.everyone).emit('people', push.event);
        return;
      case 'searches':
        io.local.to(room.person(push.userId)).emit('searches');
        return;
      case 'joined':
        // Flush first: earlier changes go to the earlier members of the room.
        changes.flush();
        joinConversation(io, push.conversationId, push.userIds);
        return;
      case 'left':
        changes.flush();
        leaveConversation(io, push.conversationId, push.userIds);
        return;
      case 'typing':
        io.local
          .to(room.conversation(push.event.conversationId))
          .except(room.person(push.event.userId))
          .emit('typing', push.event);
        return;
      case 'ended': {
        // Before closing its sockets: a device that reconnects immediately must not find the cached session.
        forget(push.userId);
        const name = push.sessionId ? room.session(push.sessionId) : room.person(push.userId);
        for (const socket of socketsIn(io, name)) {
          if (socket.data.actor.userId === push.userId) endSocket(socket, push.reason);
        }
        return;
      }
    }
  };
};

/** Batches come as one event already: core pushes once per commit and conversation. */
export const createPublisher = ({ push }: Bus, connected: Publisher['connected']): Publisher => ({
  connected,
  changes: (event) => push({ type: 'changes', event, at: Date.now() }),
  inbox: (userId, entry) => push({ type: 'inbox', userId, entry }),
  receipt: (event) => push({ type: 'receipt', event }),
  people: (event) => push({ type: 'people', event }),
  searches: (userId) => push({ type: 'searches', userId }),
  joined: (conversationId, userIds) => push({ type: 'joined', conversationId, userIds }),
  left: (conversationId, userIds) => push({ type: 'left', conversationId, userIds }),
  ended: ({ userId, sessionId }, reason) => push({ type: 'ended', userId, sessionId, reason }),
});
