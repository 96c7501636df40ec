import type { ClientToServerEvents, ErrorData, ServerToClientEvents } from '@lockstep/protocol';
import { io, type Socket } from 'socket.io-client';
import type { PushHandlers, PushSocket } from '../ports.ts';

const ACK_MS = 10_000;

interface Refusal extends Error {
  data?: Partial<ErrorData>;
}

const isUnauthenticated = (error: Refusal) =>
  error.data?.code === 'unauthenticated' || error.message === 'unauthenticated';

/** One attempt at a socket, WebSocket only. The engine decides about the next, so Socket.IO's own reconnecting is off. */
export const connectSocket = (
  url: string,
  handlers: PushHandlers,
  headers?: Record<string, string>,
): PushSocket => {
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(url || undefined, {
    path: '/socket.io',
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    withCredentials: true,
    ...(headers ? { extraHeaders: headers } : {}),
  });
  let open = true;
  const closed = (fault: Parameters<PushHandlers['closed']>[0]) => {
    if (!open) return;
    open = false;
    socket.disconnect();
    handlers.closed(fault);
  };
  const live =
    <A extends unknown[]>(handle: (...args: A) => void) =>
    (...args: A) => {
      if (open) handle(...args);
    };
  socket.on('ready', live(handlers.ready));
  socket.on(
    'changes',
    live((events) => {
      for (const event of events) handlers.changes(event);
    }),
  );
  socket.on('inbox', live(handlers.inbox));
  socket.on('typing', live(handlers.typing));
  socket.on('receipt', live(handlers.receipt));
  socket.on('presence', live(handlers.presence));
  socket.on('people', live(handlers.people));
  socket.on('searches', live(handlers.searches));
  socket.on('ended', live(handlers.ended));
  socket.on('connect_error', (error: Refusal) =>
    closed({
      unauthenticated: isUnauthenticated(error),
      ended: error.data?.ended,
      code: error.data?.code,
    }),
  );
  socket.on('disconnect', () => closed({ unauthenticated: false }));
  // A proxy may take the connection and drop it before Socket.IO has shaken hands: no other event tells of that.
  socket.io.engine.once('close', () => closed({ unauthenticated: false }));
  return {
    typing: (conversationId) => socket.volatile.emit('typing', { conversationId }),
    watch: async (userIds) => {
      const answer = await socket.timeout(ACK_MS).emitWithAck('watch', { userIds });
      return answer.ok ? answer.data : [];
    },
    place: (pos) => socket.volatile.emit('place', { pos }),
    close: () => {
      open = false;
      socket.disconnect();
    },
  };
};
