import { parseSearch, type SearchHit } from '@lockstep/protocol';
import type { Engine, SyncState } from '../sync/index.ts';
import { namesIn } from './device-names.ts';
import type { DeviceAnswer } from './device-searcher.ts';
import { localPlan } from './local-plan.ts';
import { keyOf, newestFirst } from './merge-hits.ts';
import { windowHits } from './window-hits.ts';
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
  let take: ((answer: DeviceAnswer) => Promise<void>) | null = null;

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
      void take?.(data);
    };
    worker.onerror = () => {
      void take?.({ run, hits: [], done: true });
      close();
    };
    worker.postMessage({ userId: engine.getState().me.userId } satisfies ToWorker);
  };

  return {
    warm,
    close,
    search: (text, { typing }, onFound) => {
      const { query } = parseSearch(text, { typing, names: namesIn(engine.getState()) });
      const plan = localPlan(query, engine.getState(), Date.now());
      const mine = ++run;
      let answers = 0;
      // An answer that comes while the windows are looked at for the one before takes its place.
      take = async ({ hits, done }) => {
        const answer = ++answers;
        const state = engine.getState();
        const found: SearchHit[] = [];
        for (const hit of windowHits(state, plan)) {
          if (hit) found.push(hit);
          else await new Promise((next) => setTimeout(next));
          if (mine !== run || answer !== answers) return;
        }
        onFound({ hits: withWindows(hits, found, state), done });
      };
      warm();
      void take({ run, hits: [], done: worker === null });
      clearTimeout(timer);
      timer = setTimeout(() => void take?.({ run, hits: [], done: true }), PATIENCE_MS);
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
