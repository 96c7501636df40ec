import {
  type ChangesEvent,
  type ClientToServerEvents,
  type ErrorData,
  isServed,
  PROTOCOL_VERSIONS,
  type ReadyEvent,
  type ServerToClientEvents,
} from '@lockstep/protocol';
import { io, type Socket } from 'socket.io-client';
import type { HttpOptions } from './http.ts';
import type { PushHandlers, PushSocket } from './port.ts';

const ACK_MS = 10_000;

interface Refusal extends Error {
  data?: Partial<ErrorData>;
}

const isUnauthenticated = (error: Refusal) =>
  error.data?.code === 'unauthenticated' || error.message === 'unauthenticated';

/** One attempt at a socket, WebSocket only. The engine decides about the next, so Socket.IO's own reconnecting is off. */
export const connectSocket = (
  { url, headers, versions = PROTOCOL_VERSIONS, onVersion }: Omit<HttpOptions, 'fetch' | 'timeoutMs'>,
  handlers: PushHandlers,
): PushSocket => {
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(url || undefined, {
    path: '/socket.io',
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    withCredentials: true,
    ...(versions ? { auth: { protocol: versions.current } } : {}),
    ...(headers ? { extraHeaders: headers } : {}),
  });
  let open = true;
  const closed = (fault: Parameters<PushHandlers['closed']>[0]) => {
    if (!open) return;
    open = false;
    socket.disconnect();
    handlers.closed(fault);
  };
  const ready = (event: ReadyEvent) => {
    const isUnderstood = !versions || isServed(event.protocolVersion, versions);
    onVersion?.(event.protocolVersion, isUnderstood);
    if (isUnderstood) handlers.ready(event);
    else closed({ unauthenticated: false, code: 'version_not_served' });
  };
  // Events of a newer server that this client does not know are ignored.
  socket.onAny((name: string, payload) => {
    if (!open) return;
    if (name === 'ready') return ready(payload);
    if (name === 'changes') for (const event of payload as ChangesEvent[]) handlers.changes(event);
    else if (name !== 'closed' && Object.hasOwn(handlers, name))
      handlers[name as 'searches'](...((payload === undefined ? [] : [payload]) as []));
  });
  socket.on('connect_error', (error: Refusal) => {
    const { ended, code, versions: served } = error.data ?? {};
    if (open && served) onVersion?.(served.current, false);
    closed({ unauthenticated: isUnauthenticated(error), ended, code });
  });
  socket.on('disconnect', () => closed({ unauthenticated: false }));
  // A proxy may accept the connection and drop it before the Socket.IO handshake: only this event reports that.
  socket.io.engine.once('close', () => closed({ unauthenticated: false }));
  return {
    typing: (conversationId) => socket.volatile.emit('typing', { conversationId }),
    watch: async (userIds) => {
      const answer = await socket.timeout(ACK_MS).emitWithAck('watch', { userIds });
      return answer.ok ? answer.data : [];
    },
    reportCursor: (pos) => socket.volatile.emit('place', { pos }),
    close: () => {
      open = false;
      socket.disconnect();
    },
  };
};
