import type { Tabs } from './port.ts';

/** There are no others: a bot, a server, a test, a browser without Web Locks. Always leads. */
export const aloneTabs = (): Tabs => {
  let closed = false;
  return {
    lead({ onLead }) {
      let stopped = false;
      queueMicrotask(() => {
        if (!stopped && !closed) onLead();
      });
      return () => {
        stopped = true;
      };
    },
    waiting() {},
    post() {},
    listen: () => () => {},
    close() {
      closed = true;
    },
  };
};
