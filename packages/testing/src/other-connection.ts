import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

export interface OtherConnection {
  /** Rows as another connection sees them now. The calling thread stands still meanwhile. */
  rows<Row>(text: string, values?: unknown[]): Row[];
  close(): Promise<void>;
}

/** How long an answer may take, in ms: a lock that the calling thread holds would never be released. */
const TIMEOUT_MS = 20_000;

/**
 * A connection whose queries block the calling thread, so that nothing is committed between a call and what it reads:
 * for tests of what others can see at that very moment.
 */
export const otherConnection = (connectionString: string): OtherConnection => {
  const { port1, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./other-connection-worker.mjs', import.meta.url), {
    workerData: { connectionString, port: port2, answered },
    transferList: [port2],
  });
  return {
    rows: (text, values = []) => {
      Atomics.store(answered, 0, 0);
      port1.postMessage({ text, values });
      if (Atomics.wait(answered, 0, 0, TIMEOUT_MS) === 'timed-out') throw new Error(`no answer: ${text}`);
      const { rows, error } = receiveMessageOnPort(port1)?.message ?? {};
      if (error) throw new Error(error);
      return rows;
    },
    close: async () => {
      port1.close();
      await worker.terminate();
    },
  };
};
