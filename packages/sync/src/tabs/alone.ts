import type { Tabs } from './port.ts';

/** A single tab without others (bot, server, test). Always leads. */
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
