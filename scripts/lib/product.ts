import type { Health } from '@lockstep/protocol';
import { type Child, ended, lastWords, type Program, startProgram, stopChild } from './children.ts';
import { StartError } from './steps.mjs';

const HEALTHY_MS = 90_000;
/** Waits before a worker that ended is started again: doubled each time, until it has lived for a minute. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const LIVED_MS = 60_000;

export interface Product {
  /** Resolves when web and worker are healthy; rejects with StartError when one ends first or time is up. */
  healthy(): Promise<void>;
  /** Rejects with StartError when the web process ends by itself. Never resolves. */
  broken: Promise<never>;
  /** Web and worker, at the same time. */
  stop(): Promise<void>;
  /** For tests of what goes on without one of them. */
  web: Part;
  worker: Part;
}

/** One of the processes, under the hand of a test: what it ends is not taken for a breakdown. */
export interface Part {
  /** Asks it to stop, and waits. */
  stop(): Promise<void>;
  /** SIGKILL, and waits. */
  kill(): Promise<void>;
  /** A new process, when there is none; resolves when the whole is healthy again. */
  start(): Promise<void>;
}

/**
 * Web and worker as children. While the worker is away sending and reading go on (rule 9), so it is started again;
 * without the web process there is nothing to keep up.
 */
export const startProduct = (
  url: string,
  env: NodeJS.ProcessEnv,
  dev: boolean,
  logs: string | null,
): Product => {
  const web: Program = { name: 'web', folder: 'apps/web', file: 'server.ts' };
  const worker: Program = {
    name: 'worker',
    folder: 'apps/worker',
    file: 'src/main.ts',
    flags: dev ? ['--watch', '--watch-preserve-output'] : [],
  };
  let stopping = false;
  let isHealthy = false;
  let timer: NodeJS.Timeout | undefined;
  let breakDown: (error: Error) => void = () => {};
  const broken = new Promise<never>((_, fail) => {
    breakDown = fail;
  });
  broken.catch(() => {});

  const down = (child: Child, how: string) =>
    breakDown(
      new StartError(
        `${lastWords(child)}\nThe ${child.name} process ${how}: see above${child.log ? ` and ${child.log}` : ''}`,
      ),
    );

  /** Those that a test has ended, or is about to. */
  const asked = new Set<Child>();

  let webChild: Child;
  const startWeb = () => {
    const child = startProgram(web, env, logs);
    webChild = child;
    void ended(child).then((how) => stopping || asked.has(child) || down(child, how));
  };
  startWeb();

  let workerChild: Child;
  const keepWorker = (wait: number) => {
    const startedAt = Date.now();
    const child = startProgram(worker, env, logs);
    workerChild = child;
    void ended(child).then((how) => {
      if (stopping || asked.has(child)) return;
      if (!isHealthy) return down(child, how);
      const next = Date.now() - startedAt > LIVED_MS ? FIRST_WAIT_MS : wait;
      console.error(
        `The worker ${how}; it is started again in ${next / 1000} s. Messages wait for it, none is lost.`,
      );
      timer = setTimeout(() => keepWorker(Math.min(next * 2, LONGEST_WAIT_MS)), next);
    });
  };
  keepWorker(FIRST_WAIT_MS);

  const healthy = async () => {
    await Promise.race([broken, waitForHealth(url)]);
    isHealthy = true;
  };
  const part = (current: () => Child, start: () => void): Part => ({
    stop: async () => {
      asked.add(current());
      await stopChild(current());
    },
    kill: async () => {
      asked.add(current());
      current().process.kill('SIGKILL');
      await ended(current());
    },
    start: async () => {
      if (asked.has(current())) start();
      await healthy();
    },
  });

  return {
    broken,
    healthy,
    web: part(() => webChild, startWeb),
    worker: part(
      () => workerChild,
      () => keepWorker(FIRST_WAIT_MS),
    ),
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await Promise.all([stopChild(webChild), stopChild(workerChild)]);
    },
  };
};

const waitForHealth = async (url: string): Promise<void> => {
  let last = 'no answer';
  for (
    const until = Date.now() + HEALTHY_MS;
    Date.now() < until;
    await new Promise((go) => setTimeout(go, 100))
  ) {
    try {
      const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) });
      const health = (await answer.json()) as Health;
      if (answer.ok && health.parts.worker.ok) return;
      last = JSON.stringify(health.parts);
    } catch {}
  }
  throw new StartError(`Web and worker were not healthy after ${HEALTHY_MS / 1000} s: ${last}`);
};
