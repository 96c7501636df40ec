import { parentPort, workerData } from 'node:worker_threads';
import { type FuzzFound, fuzz, inputOf } from './run.ts';
import { loadTarget } from './targets.ts';

/** A thread of main.ts, which feeds one target. */
export interface WorkerOrder {
  target: string;
  seed: number;
  from: number;
  runs: number | null;
  seconds: number;
  /** Only says what the run `from` is fed with. */
  onlyInput: boolean;
  /** [0]: number of the run that is going on. */
  progress: Int32Array<SharedArrayBuffer>;
}

export type WorkerWord =
  | { type: 'found'; found: FuzzFound }
  | { type: 'input'; input: unknown }
  | { type: 'done'; runs: number };

const order = workerData as WorkerOrder;
const post = (word: WorkerWord) => parentPort?.postMessage(word);

const target = await loadTarget(order.target);
if (order.onlyInput) {
  post({ type: 'input', input: inputOf(target, order.seed, order.from) });
} else {
  await target.setup?.();
  const end = performance.now() + order.seconds * 1_000;
  const { runs } = await fuzz(target, {
    seed: order.seed,
    from: order.from,
    ...(order.runs === null ? { isOver: () => performance.now() >= end } : { runs: order.runs }),
    onRun: (run) => Atomics.store(order.progress, 0, run),
    onFound: (found) => post({ type: 'found', found }),
  });
  await target.teardown?.();
  post({ type: 'done', runs });
}
