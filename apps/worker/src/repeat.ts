import type { Logger } from 'pino';

export interface Repeated {
  /** Stops after the running round. */
  close(): Promise<void>;
}

/** Rounds of several, and of several workers, are spread, or each of them would need a connection at the same moment. */
const spread = (seconds: number): number => seconds * 1_000 * (0.9 + 0.2 * Math.random());

/**
 * Runs `work` immediately and again `seconds` after each end, a tenth more or less, also after a failure, which is logged
 * as `name`.
 */
export const repeat = (name: string, seconds: number, log: Logger, work: () => Promise<void>): Repeated => {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const round = () => {
    running = work()
      .catch((error: Error) => log.warn({ err: error }, `${name} failed, will try again`))
      .finally(() => {
        if (!closed) timer = setTimeout(round, spread(seconds));
      });
  };
  round();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
};
