import type { Server, ServerResponse } from 'node:http';

/** Keeps account of the requests in hand, so that a server that stops breaks none of them off. */
export interface Drain {
  /** Counts a request until it is answered; false when it comes too late, and has been told so. */
  enter(res: ServerResponse): boolean;
  /**
   * Takes no new connection, and ends each with its answer. Resolves when nothing is in hand any more, or after `ms`;
   * from then on nothing more is taken.
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
