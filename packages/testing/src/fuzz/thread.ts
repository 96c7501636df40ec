import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FuzzFound } from './run.ts';
import type { WorkerOrder, WorkerWord } from './worker.ts';

interface ThreadOrder extends Omit<WorkerOrder, 'progress' | 'onlyInput'> {
  /** One run that takes longer is ended, and its input is a failure. In seconds. */
  hangAfter: number;
}

interface ThreadResult {
  runs: number;
  found: FuzzFound[];
}

/**
 * Feeds one target in a thread of its own, so that an input that never ends, or takes all memory, is found like any
 * other. Rejects when the target itself cannot be set up.
 */
export const runInThread = async ({ hangAfter, ...order }: ThreadOrder): Promise<ThreadResult> => {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  progress[0] = -1;
  const found = new Map<string, FuzzFound>();
  const worker = start({ ...order, onlyInput: false, progress });
  let done: number | null = null;
  let died: Error | null = null;
  let hung = false;
  worker.on('message', (word: WorkerWord) => {
    if (word.type === 'found') found.set(word.found.check, word.found);
    else if (word.type === 'done') done = word.runs;
  });
  worker.on('error', (error) => {
    died = error;
  });

  let last = -1;
  const watch = setInterval(() => {
    const run = Atomics.load(progress, 0);
    // Until the first run the target is being set up; while an input is made smaller the number stands still.
    hung = run >= 0 && run === last && ![...found.values()].some((one) => one.run === run);
    last = run;
    if (hung) void worker.terminate();
  }, hangAfter * 1_000);
  await new Promise((resolve) => worker.once('exit', resolve));
  clearInterval(watch);

  const run = Atomics.load(progress, 0);
  if (done === null) {
    if (run < 0) throw died ?? new Error(`${order.target} ended before its first run`);
    const check = hung ? 'does not end' : 'the process dies';
    const message = hung ? `${check}: not in ${hangAfter} s` : `${check}: ${died}`;
    found.set(check, { check, message, run, input: await inputOfRun({ ...order, from: run }) });
  }
  return { runs: done ?? run - order.from, found: [...found.values()] };
};

const inputOfRun = async (order: Omit<ThreadOrder, 'hangAfter'>): Promise<unknown> => {
  const worker = start({ ...order, onlyInput: true, progress: new Int32Array(new SharedArrayBuffer(4)) });
  const [word] = (await once(worker, 'message')) as [WorkerWord];
  return word.type === 'input' ? word.input : null;
};

/** Node 20 starts a thread without the loader of its process: it is loaded first, with the JSX of apps/web. */
const start = (order: WorkerOrder): Worker => {
  const loader = import.meta.resolve('tsx/esm/api');
  const tsconfig = fileURLToPath(new URL('../../../../apps/web/tsconfig.json', import.meta.url));
  const code = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register({ tsconfig: ${JSON.stringify(tsconfig)} });
    return import(${JSON.stringify(new URL('worker.ts', import.meta.url).href)});
  })`;
  return new Worker(code, { eval: true, workerData: order });
};
