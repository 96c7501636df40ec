import { Session } from 'node:inspector';

/** After the start: the first requests have been answered, and what they compiled is there. In ms. */
const AFTER_MS = 5_000;

/**
 * Reading and compiling the code of a process takes much more memory than it then needs. An idle process has no reason
 * to collect that, and keeps it; after one collection V8 shrinks its heap by itself.
 */
export const collectStartGarbage = (): void => {
  setTimeout(() => {
    const session = new Session();
    session.connect();
    // Done when it returns. To disconnect in a callback would stop the process for good (seen with Node 20).
    session.post('HeapProfiler.collectGarbage');
    session.disconnect();
  }, AFTER_MS).unref();
};
