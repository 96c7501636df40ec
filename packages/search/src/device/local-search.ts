import type { SearchHit, SearchQuery } from '@lockstep/protocol';
import type { Plan } from '../query/plan.ts';
import { hitKey, newestMessageFirst } from './merge-hits.ts';
import { devicePlan } from './plan.ts';
import type { DeviceAnswer } from './searcher.ts';
import type { DeviceState } from './state.ts';
import { windowHits } from './window-hits.ts';

/** Messages from a page to its worker; `userId` comes first, once, and selects the database. */
export type ToWorker = { userId: string } | { run: number; plan: Plan };

/** Timeout for the first answer of the worker, in ms; after that only the open windows are searched. */
const TIMEOUT_MS = 5_000;

export interface LocalFound {
  /** All so far, newest first. */
  hits: SearchHit[];
  done: boolean;
}

/** Searches what this device holds. */
export interface LocalSearch {
  /** Starts reading the disk, if not started yet. */
  warm(): void;
  /**
   * Calls `onFound` with what is in memory and whenever more is found, until `done`; a newer search ends it. Resolves when
   * it has begun.
   */
  search(query: SearchQuery, onFound: (found: LocalFound) => void): Promise<void>;
  /** Frees what was read. */
  close(): void;
}

interface LocalSearchOptions {
  getState(): DeviceState;
  /** A worker with a DeviceSearcher; null or an error where there is none: the open windows are searched. */
  startWorker(): Worker | null;
  /** Of this device, such as `Europe/Berlin`. */
  timeZone(): string;
}

/** Over the windows that are open in this page and, in a worker, all that is on the disk. */
export const createLocalSearch = ({ getState, startWorker, timeZone }: LocalSearchOptions): LocalSearch => {
  let worker: Worker | null = null;
  let run = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let take: ((answer: DeviceAnswer) => Promise<void>) | null = null;

  const stop = () => {
    clearTimeout(timer);
    worker?.terminate();
    worker = null;
    take = null;
  };
  const warm = () => {
    if (worker) return;
    try {
      worker = startWorker();
    } catch {} // forbidden by the browser
    if (!worker) return;
    worker.onmessage = ({ data }: MessageEvent<DeviceAnswer>) => {
      if (data.run !== run) return;
      clearTimeout(timer);
      void take?.(data);
    };
    worker.onerror = () => {
      void take?.({ run, hits: [], done: true });
      stop();
    };
    worker.postMessage({ userId: getState().me.userId } satisfies ToWorker);
  };

  return {
    warm,
    close: () => {
      run++;
      stop();
    },
    search: async (query, onFound) => {
      const current = ++run;
      clearTimeout(timer);
      take = null;
      const plan = await devicePlan(query, getState(), { now: Date.now(), timeZone: timeZone() });
      if (current !== run) return;
      let answers = 0;
      // An answer that arrives while the windows are searched for the previous one replaces it.
      take = async ({ hits, done }) => {
        const answer = ++answers;
        const state = getState();
        const found: SearchHit[] = [];
        for (const hit of windowHits(state, plan)) {
          if (hit) found.push(hit);
          else await new Promise((next) => setTimeout(next));
          if (current !== run || answer !== answers) return;
        }
        onFound({ hits: withWindows(hits, found, state), done });
      };
      warm();
      void take({ run, hits: [], done: worker === null });
      timer = setTimeout(() => void take?.({ run, hits: [], done: true }), TIMEOUT_MS);
      worker?.postMessage({ run, plan } satisfies ToWorker);
    },
  };
};

/** Hits on disk merged with the windows, which are newer. Only in current conversations (rule 10). */
export const withWindows = (
  onDisk: readonly SearchHit[],
  inWindows: readonly SearchHit[],
  { inbox, timelines }: Pick<DeviceState, 'inbox' | 'timelines'>,
): SearchHit[] => {
  const open = new Set([...timelines.values()].flatMap(({ messages }) => messages.map(hitKey)));
  const others = onDisk.filter(
    ({ message }) => inbox.has(message.conversationId) && !open.has(hitKey(message)),
  );
  return [...others, ...inWindows].sort((a, b) => newestMessageFirst(a.message, b.message));
};
