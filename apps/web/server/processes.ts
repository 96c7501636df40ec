import type { PartHealth } from '@lockstep/protocol';

/** The state of each process kept running by scripts/lib/supervisor.ts. */
interface ProcessState {
  name: string;
  running: boolean;
  failures: number;
  lastFailure: { how: string; at: string } | null;
}

/** Null when no launcher has started us. */
let states: ProcessState[] | null = null;

/** Listens to the launcher's messages on the channel of this process. */
export const listenToLauncher = (): void => {
  if (!process.channel) return;
  states = [];
  process.on('message', (message: { parts?: ProcessState[] }) => {
    if (Array.isArray(message?.parts)) states = message.parts;
  });
  process.channel.unref();
};

/** Undefined when no launcher has started us. */
export const readProcesses = (): PartHealth | undefined => {
  if (!states) return undefined;
  const failed = states.filter(({ failures }) => failures > 0);
  return {
    ok: states.every(({ running }) => running),
    detail: failed.length > 0 ? failed.map(describe).join('; ') : 'all running, none has ended by itself',
  };
};

const describe = ({ name, running, failures, lastFailure }: ProcessState): string =>
  `${name}: ${running ? 'running again' : 'down'}, ended by itself ${failures === 1 ? 'once' : `${failures} times`}, ` +
  `last at ${lastFailure?.at}: ${lastFailure?.how}`;
