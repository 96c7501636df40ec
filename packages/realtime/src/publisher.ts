import type { Publisher } from '@lockstep/core';
import type { ChangesEvent, Message } from '@lockstep/protocol';
import type { Bus, Push } from './bus.ts';
import { room } from './names.ts';
import { endSocket, joinConversation, leaveConversation, socketsIn } from './rooms.ts';
import type { Io } from './types.ts';

/** Applies a push to the sockets of this process. One emit per room: the frame is encoded once for all of them. */
export const applyPush =
  (io: Io) =>
  (push: Push): void => {
    switch (push.type) {
      case 'changes':
        io.local.to(room.conversation(push.event.conversationId)).emit('changes', push.event);
        return;
      case 'inbox':
        io.local.to(room.person(push.userId)).emit('inbox', { entry: push.entry });
        return;
      case 'joined':
        joinConversation(io, push.conversationId, push.userIds);
        return;
      case 'left':
        leaveConversation(io, push.conversationId, push.userIds);
        return;
      case 'typing':
        io.local
          .to(room.conversation(push.event.conversationId))
          .except(room.person(push.event.userId))
          .emit('typing', push.event);
        return;
      case 'ended': {
        const name = push.sessionId ? room.session(push.sessionId) : room.person(push.userId);
        for (const socket of socketsIn(io, name)) {
          if (socket.data.actor.userId === push.userId) endSocket(socket, push.reason);
        }
        return;
      }
    }
  };

/**
 * Changes of one conversation that are published in the same turn of the event loop (the appends of one batch) travel
 * in one event. Everything else first sends off what is waiting, so that the order of publishing is kept.
 */
export const createPublisher = (bus: Bus): Publisher & { flush(): void } => {
  let waiting = new Map<string, ChangesEvent[]>();
  let scheduled = false;

  const flush = () => {
    scheduled = false;
    if (waiting.size === 0) return;
    const events = waiting;
    waiting = new Map();
    for (const [conversationId, ofOne] of events) {
      for (const event of merge(conversationId, ofOne)) bus.push({ type: 'changes', event });
    }
  };
  const after = (push: Push) => {
    flush();
    bus.push(push);
  };

  return {
    flush,
    changes: (event) => {
      const same = waiting.get(event.conversationId);
      if (same) same.push(event);
      else waiting.set(event.conversationId, [event]);
      if (!scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
    },
    inbox: (userId, entry) => after({ type: 'inbox', userId, entry }),
    joined: (conversationId, userIds) => after({ type: 'joined', conversationId, userIds }),
    left: (conversationId, userIds) => after({ type: 'left', conversationId, userIds }),
    ended: ({ userId, sessionId }, reason) => after({ type: 'ended', userId, sessionId, reason }),
  };
};

/** In `rev` order and without gaps within an event, as ChangesEvent promises: split where one is missing. */
export const merge = (conversationId: string, events: ChangesEvent[]): ChangesEvent[] => {
  const [only] = events;
  if (only && events.length === 1) return [only];
  const messages = events.flatMap((event) => event.messages).sort((a, b) => a.rev - b.rev);
  const newest = events.reduce<ChangesEvent['conversation']>(
    (best, { conversation }) =>
      conversation && (!best || conversation.headRev > best.headRev) ? conversation : best,
    undefined,
  );
  const runs: Message[][] = [];
  let last: Message | undefined;
  for (const message of messages) {
    if (last && message.rev === last.rev + 1) runs.at(-1)?.push(message);
    else if (message.rev !== last?.rev) runs.push([message]);
    last = message;
  }
  if (runs.length === 0) runs.push([]);
  return runs.map((run, at) =>
    newest && at === runs.length - 1
      ? { conversationId, messages: run, conversation: newest }
      : { conversationId, messages: run },
  );
};
