import { once } from 'node:events';
import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Health } from '@lockstep/protocol';
import { builtProgram, type Child, startProgram } from './children.ts';
import { type LogFile, type LogFileOptions, openLogFile } from './log-file.ts';
import { StartError } from './steps.mjs';
import { type SupervisedPart, Supervisor } from './supervisor.ts';

const HEALTHY_MS = 90_000;

export interface Product {
  /** Resolves when web and worker are healthy; rejects with StartError when one ends first or time is up. */
  healthy(): Promise<void>;
  /** Web and worker, at the same time. */
  stop(): Promise<void>;
  /** New processes for both, as the settings are now. */
  restart(): Promise<void>;
  logs: LogFile[];
  /** Of the processes that run. */
  pids(): number[];
  /** For tests of what goes on without one of them. */
  web: Part;
  worker: Part;
}

/** One of the processes, under the hand of a test: what it ends is not taken for a failure. */
export interface Part {
  /** Asks it to stop, and waits. */
  stop(): Promise<void>;
  /** SIGKILL, and waits. */
  kill(): Promise<void>;
  /** A new process, when there is none; resolves when the whole is healthy again. */
  start(): Promise<void>;
}

export interface ProductOptions {
  /** Where the web process answers. */
  url: string;
  /** Read at each start of a process. */
  env: NodeJS.ProcessEnv;
  dev?: boolean;
  /** Where `log` names a file for this part: its output goes there, else to our terminal. */
  log?: (name: string) => [path: string, LogFileOptions] | null;
  supervisor?: Supervisor;
}

/**
 * Web and worker as children that are kept running (supervisor.ts). The web process gets the state of all parts, for
 * `/healthz`.
 */
export const startProduct = async (options: ProductOptions): Promise<Product> => {
  const { url, env, dev = false, log = () => null, supervisor = new Supervisor() } = options;
  const logs: LogFile[] = [];
  const add = async (name: 'web' | 'worker', sourceArgs: string[]) => {
    const where = log(name);
    const file = where ? openLogFile(...where) : null;
    if (file) logs.push(file);
    const program = dev
      ? { folder: `apps/${name}`, args: ['--import', 'tsx', ...sourceArgs] }
      : await builtProgram(name);
    return supervisor.add(title(name), async () => startProgram(name, program, env, file));
  };
  const web = await add('web', ['server/main.ts']);
  const worker = await add('worker', ['--watch', '--watch-preserve-output', 'src/main.ts']);
  supervisor.onChange(() => {
    if (!web.state.running) return;
    const { process: child } = web.instance;
    if (child.connected) child.send({ parts: supervisor.states() }, () => {});
  });
  await Promise.all([web.start(), worker.start()]);

  const healthy = async () => {
    await Promise.race([supervisor.broken, waitForHealth(url)]);
    supervisor.settled = true;
  };
  const part = (supervised: SupervisedPart<Child>): Part => ({
    stop: () => supervised.stop(),
    kill: () => supervised.release().kill(),
    start: async () => {
      if (!supervised.state.running) await supervised.start();
      await healthy();
    },
  });
  const stop = async () => {
    await Promise.all([web.stop(), worker.stop()]);
  };
  return {
    healthy,
    stop,
    restart: async () => {
      await stop();
      await Promise.all([web.start(), worker.start()]);
    },
    logs,
    pids: () =>
      [web, worker].flatMap(({ state, instance }) => (state.running ? (instance.process.pid ?? []) : [])),
    web: part(web),
    worker: part(worker),
  };
};

const title = (name: string): string => (name === 'web' ? 'The web process' : 'The worker');

/** Without `fetch`, which would stay in the memory of the launcher. */
const waitForHealth = async (url: string): Promise<void> => {
  let last = 'no answer';
  for (
    const until = Date.now() + HEALTHY_MS;
    Date.now() < until;
    await new Promise((go) => setTimeout(go, 100))
  ) {
    try {
      const [answer] = await once(get(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }), 'response');
      const health = (await json(answer)) as Health;
      if (answer.statusCode === 200 && health.parts.worker.ok) return;
      last = JSON.stringify(health.parts);
    } catch {}
  }
  throw new StartError(`Web and worker were not healthy after ${HEALTHY_MS / 1000} s: ${last}`);
};
