import { createLocalSearch, type LocalSearch } from '@lockstep/search/device';
import type { Engine } from '../sync/index.ts';
import { timeZone } from '../time-zone.ts';

/** The search in what this browser holds; its worker is written so that the bundler finds it. */
export const localSearchOf = ({ getState }: Engine): LocalSearch =>
  createLocalSearch({
    getState,
    timeZone,
    startWorker: () =>
      typeof Worker === 'undefined' ? null : new Worker(new URL('./worker.ts', import.meta.url)),
  });
