import type { Logger } from 'pino';

/** Runs `work` at once and again `seconds` after each end, also after a failure. */
export const repeat = (seconds: number, log: Logger, work: () => Promise<void>) => {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const round = () => {
    running = work()
      .catch((error: Error) => log.warn({ err: error }, 'failed, will try again'))
      .finally(() => {
        if (!closed) timer = setTimeout(round, seconds * 1_000);
      });
  };
  round();
  return {
    close: async (): Promise<void> => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
};
