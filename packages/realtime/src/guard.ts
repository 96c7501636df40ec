import { Bucket } from '@lockstep/core';
import type { Socket as Connection, Server as Engine } from 'engine.io';
import type { RealtimeDeps, Timing } from './types.ts';

/** Frames of one connection, of any kind: so many at once, so many a second. More is a flood: closed. */
const FRAMES = { burst: 300, perSecond: 100 } as const;

/** Maximum bytes buffered for a slow device; beyond that it is disconnected, and pulls when it is back. */
const BACKLOG_BYTES = 8 * 1024 * 1024;

/** The WebSocket (of ws) that carries a connection. */
interface RawWebSocket {
  /** Bytes that are not yet handed to the system. */
  bufferedAmount: number;
  on(event: 'ping' | 'pong', listener: () => void): void;
  terminate(): void;
}

const webSocketOf = ({ transport }: Connection): RawWebSocket | undefined =>
  (transport as unknown as { socket?: RawWebSocket }).socket;

/** What is not yet handed to the system, roughly in bytes: Engine.IO keeps it while the WebSocket has something to do. */
const backlogOf = (connection: Connection): number => {
  const { writeBuffer } = connection as unknown as { writeBuffer: { data?: string | Buffer }[] };
  const waiting = writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  return waiting + (webSocketOf(connection)?.bufferedAmount ?? 0);
};

/**
 * Bounds the cost of each connection below Socket.IO, also before authentication: frames, unread bytes, and the time
 * until a closed connection is gone. Returns a function that stops it.
 */
export const guardConnections = (
  engine: Engine,
  { log, settings }: Pick<RealtimeDeps, 'log' | 'settings'>,
  { backlog, linger }: Timing,
): (() => void) => {
  const connections = new Set<Connection>();
  engine.on('connection', (connection: Connection) => {
    const webSocket = webSocketOf(connection);
    connections.add(connection);
    connection.once('close', () => {
      connections.delete(connection);
      // The client may never answer the closing frame.
      setTimeout(() => webSocket?.terminate(), linger).unref();
    });
    if (settings.RATE_LIMITS === 'off') return;
    const bucket = new Bucket(FRAMES.perSecond, FRAMES.burst);
    const count = () => {
      if (bucket.take() === 0) return;
      log.warn('push: a flood of frames, closed');
      webSocket?.terminate();
    };
    connection.on('packet', count);
    // Those of WebSocket itself are answered below Engine.IO.
    webSocket?.on('ping', count);
    webSocket?.on('pong', count);
  });
  const closing = new WeakSet<Connection>();
  const looks = setInterval(() => {
    for (const connection of connections) {
      // Closing first sends the rest, which a client can delay indefinitely.
      const isLate = closing.has(connection);
      if (connection.readyState === 'closing') closing.add(connection);
      if (!isLate && backlogOf(connection) <= BACKLOG_BYTES) continue;
      if (!isLate) log.info('push: a device does not read, closed');
      webSocketOf(connection)?.terminate();
    }
  }, backlog).unref();
  return () => clearInterval(looks);
};
