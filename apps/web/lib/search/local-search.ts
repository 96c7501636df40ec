import { type Message, parseSearch, type SearchHit } from '@lockstep/protocol';
import { fits, marksOf } from '@lockstep/search/device';
import type { Engine, SyncState } from '../sync/index.ts';
import type { DeviceAnswer } from './device-searcher.ts';
import { localPlan } from './local-plan.ts';
import { keyOf, newestFirst } from './merge-hits.ts';
import type { ToWorker } from './worker.ts';

/** A worker that has not said anything after this long, in ms, is not waited for: the open windows are what is found. */
const PATIENCE_MS = 5_000;

export interface LocalFound {
  /** All so far, newest first. */
  hits: SearchHit[];
  done: boolean;
}

/** Searches what this device holds. */
export interface LocalSearch {
  /** Begins to read the disk, if nobody has yet. */
  warm(): void;
  /** Calls `onFound` at once and whenever more is found, until `done`; a newer search ends it. */
  search(text: string, options: { typing: boolean }, onFound: (found: LocalFound) => void): void;
  /** Lets go of what was read. */
  close(): void;
}

/** Over the windows that are open in this page and, in a worker, all that is on the disk. */
export const createLocalSearch = (engine: Engine): LocalSearch => {
  let worker: Worker | null = null;
  let run = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let take: ((answer: DeviceAnswer) => void) | null = null;

  const close = () => {
    clearTimeout(timer);
    worker?.terminate();
    worker = null;
    take = null;
  };
  const warm = () => {
    if (worker || typeof Worker === 'undefined') return;
    try {
      worker = new Worker(new URL('./worker.ts', import.meta.url));
    } catch {
      // Forbidden by the browser: the open windows are searched.
      return;
    }
    worker.onmessage = ({ data }: MessageEvent<DeviceAnswer>) => {
      if (data.run !== run) return;
      clearTimeout(timer);
      take?.(data);
    };
    worker.onerror = () => {
      take?.({ run, hits: [], done: true });
      close();
    };
    worker.postMessage({ userId: engine.getState().me.userId } satisfies ToWorker);
  };

  return {
    warm,
    close,
    search: (text, { typing }, onFound) => {
      const { query } = parseSearch(text, { typing });
      const plan = localPlan(query, engine.getState(), Date.now());
      run++;
      const inWindows = (state: SyncState): LocalFound['hits'] => {
        const found: Message[] = [];
        for (const [id, { messages }] of state.timelines)
          if (state.inbox.has(id))
            for (const message of messages) if (fits(message, plan)) found.push(message);
        return found.map((message) => ({ message, marks: marksOf(message.body ?? '', plan.terms) }));
      };
      take = ({ hits, done }) => {
        const state = engine.getState();
        onFound({ hits: withWindows(hits, inWindows(state), state), done });
      };
      warm();
      take({ run, hits: [], done: worker === null });
      clearTimeout(timer);
      timer = setTimeout(() => take?.({ run, hits: [], done: true }), PATIENCE_MS);
      worker?.postMessage({ run, plan } satisfies ToWorker);
    },
  };
};

/**
 * What the disk has, with what the windows know better: they are ahead of it. Only of conversations that one is in now
 * (rule 10).
 */
export const withWindows = (
  onDisk: readonly SearchHit[],
  inWindows: readonly SearchHit[],
  { inbox, timelines }: Pick<SyncState, 'inbox' | 'timelines'>,
): SearchHit[] => {
  const open = new Set([...timelines.values()].flatMap(({ messages }) => messages.map(keyOf)));
  const others = onDisk.filter(
    ({ message }) => inbox.has(message.conversationId) && !open.has(keyOf(message)),
  );
  return [...others, ...inWindows].sort((a, b) => newestFirst(a.message, b.message));
};
