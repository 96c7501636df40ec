import type { OnlineNotice, Push } from './server-events.ts';
import type { Io } from './types.ts';

export interface Bus {
  push(push: Push): void;
  online(notice: OnlineNotice): void;
}

/**
 * Sends to the other processes only. A push is applied locally first and then sent to the others, so that a broken
 * adapter does not delay local sockets, and a revocation applies immediately.
 */
export const createBus = (io: Io, alone: boolean, apply: (push: Push) => void): Bus => {
  if (alone) return { push: apply, online: () => {} };
  return {
    push: (push) => {
      apply(push);
      io.serverSideEmit('push', push);
    },
    online: (notice) => {
      io.serverSideEmit('online', notice);
    },
  };
};
