import type { ToWorker, WorkerHandle } from './scope.ts';

const ANSWER_MS = 1_000;

/** What a worker answers; null when it has not answered within a second. */
export const ask = async (worker: WorkerHandle, message: ToWorker): Promise<string | null> => {
  const { port1, port2 } = new MessageChannel();
  const answer = await new Promise<string | null>((done) => {
    port1.onmessage = ({ data }) => done(typeof data === 'string' ? data : null);
    setTimeout(done, ANSWER_MS, null);
    worker.postMessage(message, [port2]);
  });
  port1.close();
  return answer;
};
