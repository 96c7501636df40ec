import type { Server, ServerResponse } from 'node:http';
import { Server as TcpServer } from 'node:net';

/** Counts the open requests, so that a stopping server interrupts none of them. */
export interface Drain {
  /** Counts a request until it is answered; false if the server is stopping and has already refused it. */
  enter(res: ServerResponse): boolean;
  /**
   * Accepts no new connection and closes each after its next answer. Idle ones stay: a proxy may be sending a request
   * on one, and must not send it again elsewhere when that is lost.
   */
  leave(): void;
  /**
   * Leaves, closes idle connections, and resolves when no request is open, or after `ms`; from then on nothing is
   * accepted.
   */
  stop(ms: number): Promise<void>;
}

export const createDrain = (httpServer: Server): Drain => {
  const inHand = new Set<ServerResponse>();
  let state: 'open' | 'stopping' | 'stopped' = 'open';
  let isEmpty = () => {};
  const leave = () => {
    if (state !== 'open') return;
    state = 'stopping';
    // That of HTTP also closes idle connections.
    TcpServer.prototype.close.call(httpServer);
    for (const res of inHand) if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  return {
    leave,
    enter: (res) => {
      if (state !== 'open') res.setHeader('Connection', 'close');
      if (state === 'stopped') {
        res.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '1' }).end('Restarting.\n');
        return false;
      }
      inHand.add(res);
      res.once('close', () => {
        inHand.delete(res);
        if (inHand.size === 0) isEmpty();
      });
      return true;
    },
    stop: async (ms) => {
      leave();
      httpServer.closeIdleConnections();
      await new Promise<void>((resolve) => {
        isEmpty = resolve;
        setTimeout(resolve, ms).unref();
        if (inHand.size === 0) resolve();
      });
      state = 'stopped';
    },
  };
};
