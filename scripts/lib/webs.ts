import { freePort } from '@lockstep/db/embedded';
import { builtProgram, type Child, startProgram } from './children.ts';
import { StartError } from './steps.mjs';

/** Several web processes of the built product on one database, for a proxy in front of them. */
export interface Webs {
  ports: readonly number[];
  /** SIGTERM, and a new process on the same port; resolves when it is ready. */
  restart(index: number): Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 90_000;

/** `env`: the settings that all share, with a PUSH that goes between processes. Resolves when all are ready. */
export const startWebs = async (count: number, env: NodeJS.ProcessEnv): Promise<Webs> => {
  const program = await builtProgram('web');
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  const start = (port: number) => startProgram('web', program, { ...env, PORT: String(port) }, null);
  const children = ports.map(start);
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()));
  };
  try {
    await Promise.all(children.map((child, index) => untilReady(child, ports[index] as number)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ports,
    restart: async (index) => {
      const port = ports[index] as number;
      await children[index]?.stop();
      const child = start(port);
      children[index] = child;
      await untilReady(child, port);
    },
    stop,
  };
};

const untilReady = async (child: Child, port: number): Promise<void> => {
  let end: string | undefined;
  void child.ended.then((text) => {
    end = text;
  });
  for (const until = Date.now() + READY_MS; Date.now() < until; await pause(100)) {
    if (end) throw new StartError(`A web process ${end}`);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.ok) return;
  }
  throw new StartError(`A web process was not ready after ${READY_MS / 1_000} s`);
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
