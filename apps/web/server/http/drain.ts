import type { Server, ServerResponse } from 'node:http';

/** Counts the open requests, so that a stopping server interrupts none of them. */
export interface Drain {
  /** Counts a request until it is answered; false if the server is stopping and has already refused it. */
  enter(res: ServerResponse): boolean;
  /**
   * Accepts no new connection and closes each after its answer. Resolves when no request is open, or after `ms`; from
   * then on nothing is accepted.
   */
  stop(ms: number): Promise<void>;
}

export const createDrain = (httpServer: Server): Drain => {
  const inHand = new Set<ServerResponse>();
  let state: 'open' | 'stopping' | 'stopped' = 'open';
  let isEmpty = () => {};
  return {
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
      state = 'stopping';
      httpServer.close();
      httpServer.closeIdleConnections();
      for (const res of inHand) if (!res.headersSent) res.setHeader('Connection', 'close');
      await new Promise<void>((resolve) => {
        isEmpty = resolve;
        setTimeout(resolve, ms).unref();
        if (inHand.size === 0) resolve();
      });
      state = 'stopped';
    },
  };
};
