import type { Run } from './highlight.ts';
import type { HighlightAnswer, HighlightJob } from './highlight-worker.ts';

/** What is used of a Worker. */
export interface HighlightPort {
  onmessage: ((event: { data: HighlightAnswer | 'ready' }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  postMessage(job: HighlightJob): void;
  terminate(): void;
}

/** The grammars are regular expressions, some of which take minutes for code that is made for it. In ms. */
export const DEADLINE_MS = 500;
/** Longer code is not coloured. In UTF-16 units. */
export const COLOUR_UP_TO = 8_000;
/** Texts whose colours are kept, about as many as stand in a window. */
const KEPT = 200;

interface Highlighter {
  /** The runs when they are known; null: there will be none; undefined: not yet, `done` is called once. */
  runsOf(code: string, language: string, done?: () => void): readonly Run[] | null | undefined;
}

/**
 * Colours code in a worker, one text after the other. What misses its deadline stays without colours, and the worker is
 * ended and started anew for the rest. `start` throws where there are no workers.
 */
export const createHighlighter = (
  start: () => HighlightPort,
  timers: { set(run: () => void, ms: number): unknown; clear(timer: never): void },
): Highlighter => {
  const known = new Map<string, readonly Run[] | null>();
  const waiting = new Map<string, { code: string; language: string; done: (() => void)[] }>();
  let port: HighlightPort | null = null;
  let ready = false;
  let broken = false;
  let current: { id: number; key: string; timer: unknown } | null = null;
  let lastId = 0;

  const settle = (key: string, runs: readonly Run[] | null) => {
    const job = waiting.get(key);
    waiting.delete(key);
    current = null;
    known.set(key, runs);
    if (known.size > KEPT) known.delete(known.keys().next().value as string);
    for (const done of job?.done ?? []) done();
  };
  const end = () => {
    port?.terminate();
    port = null;
    ready = false;
  };

  const next = () => {
    if (current || broken || waiting.size === 0) return;
    if (!port) return begin();
    if (!ready) return;
    const [key, { code, language }] = waiting.entries().next().value as [
      string,
      { code: string; language: string },
    ];
    const id = ++lastId;
    const timer = timers.set(() => {
      end();
      settle(key, null);
      next();
    }, DEADLINE_MS);
    current = { id, key, timer };
    port.postMessage({ id, code, language });
  };

  const begin = () => {
    try {
      port = start();
    } catch {
      broken = true;
      return;
    }
    port.onmessage = ({ data }) => {
      if (data === 'ready') ready = true;
      else if (current?.id === data.id) {
        timers.clear(current.timer as never);
        settle(current.key, data.runs);
      }
      next();
    };
    port.onerror = () => {
      // It could not be fetched, or failed: the code stays without colours until another page load.
      if (current) timers.clear(current.timer as never);
      broken = true;
      end();
    };
  };

  return {
    runsOf(code, language, done) {
      if (code.length > COLOUR_UP_TO) return null;
      const key = `${language}\n${code}`;
      const runs = known.get(key);
      if (runs !== undefined) return runs;
      if (broken || !done) return undefined;
      const job = waiting.get(key);
      if (job) job.done.push(done);
      else waiting.set(key, { code, language, done: [done] });
      next();
      return undefined;
    },
  };
};

let shared: Highlighter | null = null;

/** The one of this page. */
export const highlighter = (): Highlighter => {
  shared ??= createHighlighter(
    () => new Worker(new URL('./highlight-worker.ts', import.meta.url)) as unknown as HighlightPort,
    { set: (run, ms) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer) },
  );
  return shared;
};
