import type { OnlineNotice, Push } from './server-events.ts';
import type { Io } from './types.ts';

export interface Bus {
  push(push: Push): void;
  online(notice: OnlineNotice): void;
}

/**
 * To the other processes only. A push is applied here first and told to the others second, so that a broken adapter
 * does not hold up the own sockets, and a revocation applies at once.
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
